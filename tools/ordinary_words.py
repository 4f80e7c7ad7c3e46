"""Write bot/language/data/ordinary_words.txt: dictionary words that would be taken for a misspelt place or country.

Run it after names were added: `python -m tools.ordinary_words` (half a minute). The dictionaries are simplemma's for
bokmål, nynorsk and English; words of messages that no dictionary has stand in place_context.yml.
"""

from __future__ import annotations

from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

from bot.language import countries, gazetteer, places
from bot.language.lists import words

FILE = gazetteer.ORDINARY_FILE


def main() -> None:
    """Compare every dictionary word with every name and write those that are too near one."""
    names = gazetteer.Gazetteer(places.place_names(), misspelt=places.may_be_misspelt)
    abroad = gazetteer.Gazetteer(list(countries.country_names()), misspelt=countries.may_be_misspelt)
    factory = DefaultDictionaryFactory()
    found = set(words("place_context", "dialect"))
    for language in ("nb", "nn", "en"):
        found |= {word.lower() for word in factory.get_dictionary(language) if word.isalpha()}
    near = sorted(word for word in found if names.near(word) or abroad.near(word))
    FILE.write_text("\n".join(near) + "\n", "utf-8")
    print(f"{len(near)} of {len(found)} words are near a name")


if __name__ == "__main__":
    main()
