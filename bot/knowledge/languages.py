"""What is said to those who write in another language than Norwegian, as editors wrote it in languages.yml."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.errors import KnowledgeError
from bot.knowledge.reading import read_yaml
from bot.knowledge.render import ContactFields, fill, placeholders, unfilled
from bot.language import gsm7

ENGLISH = "en"
NEEDED = ("en", "ar", "so", "ur", "fa", "ku", "ckb", "tr", "ti", "pl", "uk")
"""Languages that have to be there (ISO 639-1; ``ckb`` is Sorani)."""
SPOKEN = (*NEEDED, "ru")
"""Languages that an answer may be in, beside Norwegian. A text may be added to the file for these alone."""
SMS_PARTS = 3
STATUSES = ("written", "approved")
CERTAINTIES = ("high", "medium", "low")
# Keeps a number together, and its «+» in front, in a line that runs from right to left (Unicode Annex 9).
_LEFT_TO_RIGHT = "\u200e"
_PLACEHOLDER = re.compile(r"\{[a-z0-9_]+\.[a-z_]+\}")
_TIME = re.compile(r"\d\d\.\d\d[–-]\d\d\.\d\d")
_DIGITS = re.compile(r"\d+")
_WORDS = re.compile(r"[^\W\d_]+")
# The one figure that is no number to call: the age of majority.
_OF_AGE = "18"


@dataclass(frozen=True)
class Language:
    """One language's texts. ``nb`` says the same in Norwegian, for those who edit."""

    code: str
    name: str
    norwegian: str
    """What it is called in Norwegian."""
    text: str
    sms: str
    nb: str
    status: str
    certainty: str
    direction: str = "ltr"
    also: Sequence[str] = ()
    """Other names that it may be asked for by."""
    beside: str = ""
    """Stands with an answer in Norwegian, where the question was in this language."""
    beside_sms: str = ""
    beside_suicide: str = ""
    """Stands there instead when somebody may be about to take their life."""

    def spoken(self, contacts: ContactFields, *, sms: bool = False) -> str:
        """The text with the numbers filled in. Raises KeyError for one the directory lacks (``findings`` says so)."""
        text = self.sms if sms else self.text
        if self.direction == "rtl":
            text = _PLACEHOLDER.sub(lambda match: f"{_LEFT_TO_RIGHT}{match.group()}{_LEFT_TO_RIGHT}", text)
        return fill(text, contacts)

    def contacts(self) -> list[str]:
        """The ids of the contacts that the text names, in order."""
        return list(dict.fromkeys(contact for contact, _ in placeholders(self.text)))

    def beside_answer(self, *, sms: bool = False, suicide: bool = False) -> str:
        """What stands with an answer in Norwegian, not filled in; empty where there is nothing."""
        return self.beside_suicide if suicide else self.beside_sms if sms else self.beside


@dataclass(frozen=True)
class OtherLanguages:
    """The file. ``ask`` answers whoever asks which languages there are; ``{languages}`` stands for their names."""

    ask: str = ""
    sources: tuple[str, ...] = ()
    by_code: Mapping[str, Language] = field(default_factory=dict)

    def answer_in(self, code: str) -> Language | None:
        """The text for who writes in ``code``; the English one where that language has none."""
        return self.by_code.get(code) or self.by_code.get(ENGLISH)

    def which(self) -> str:
        """Which languages there are, in Norwegian."""
        names = [language.norwegian for language in self.by_code.values()]
        return self.ask.replace("{languages}", f"{', '.join(names[:-1])} og {names[-1]}")

    def named(self, text: str) -> Language | None:
        """The language that ``text`` asks for by one of its names («kan jeg skrive på somali»)."""
        words = set(_WORDS.findall(text.lower()))
        for language in self.by_code.values():
            names = " ".join((language.norwegian, language.name, *language.also))
            if (set(_WORDS.findall(names.lower())) - {"og"}) & words:
                return language
        return None


def read_languages(path: Path, found: list[str]) -> OtherLanguages:
    """The file at ``path``; what is wrong with its form is added to ``found``."""
    try:
        content: Mapping[str, Any] = read_yaml(path)
        languages = [Language(**entry) for entry in content["languages"]]
        return OtherLanguages(
            content["ask"], tuple(content["sources"]), {language.code: language for language in languages}
        )
    except KnowledgeError as error:
        found += error.findings
    except (KeyError, TypeError) as error:
        found.append(f"{path}:1: noe mangler eller er ukjent: {error}")
    return OtherLanguages()


def findings(languages: OtherLanguages, contacts: ContactFields) -> Iterator[str]:
    """What is wrong with the texts, one sentence each. A knowledge base may do without any."""
    if not languages.by_code:
        return
    yield from (f"språket «{code}» mangler" for code in NEEDED if code not in languages.by_code)
    if "{languages}" not in languages.ask:
        yield "«ask» må ha {languages}"
    english = languages.by_code.get(ENGLISH)
    if english is not None and not (english.beside and english.beside_sms and english.beside_suicide):
        yield "engelsk må ha «beside», «beside_sms» og «beside_suicide»"
    for language in languages.by_code.values():
        yield from (f"{language.code}: {text}" for text in _of(language, contacts))


def _of(language: Language, contacts: ContactFields) -> Iterator[str]:
    if language.code not in SPOKEN:
        yield f"koden er ikke en av {', '.join(SPOKEN)}"
    if language.status not in STATUSES or language.certainty not in CERTAINTIES:
        yield f"«status» må være {' eller '.join(STATUSES)}, «certainty» en av {', '.join(CERTAINTIES)}"
    if language.direction not in ("ltr", "rtl"):
        yield "«direction» må være ltr eller rtl"
    beside = (language.beside, language.beside_sms, language.beside_suicide)
    for text in (language.text, language.sms, language.nb, *beside):
        if unknown := unfilled(text, contacts):
            yield f"kontakten har ikke {', '.join(unknown)}"
            return
        yield from _figures(text, contacts)
    if set(placeholders(language.text)) != set(placeholders(language.nb)):
        yield "teksten og den norske teksten har ikke de samme numrene"
    for sms in (language.sms, language.beside_sms, language.beside_suicide):
        parts = gsm7.parts(fill(sms, contacts)) if sms else 0
        if parts > SMS_PARTS:
            yield f"SMS-en tar {parts} deler, høyst {SMS_PARTS}"


def _figures(text: str, contacts: ContactFields) -> Iterator[str]:
    """Every figure outside a placeholder is an hour that a contact named in the text keeps, or the age of majority."""
    bare = _PLACEHOLDER.sub(" ", text)
    hours = " ".join(contacts[contact].get("hours", "") for contact, _ in placeholders(text)).replace("-", "–")
    for time in _TIME.findall(bare):
        if time.replace("-", "–") not in hours:
            yield f"klokkeslettet {time} står ikke i kontaktlisten"
    for digits in _DIGITS.findall(_TIME.sub(" ", bare)):
        if digits != _OF_AGE:
            yield f"tallet {digits} står i teksten; skriv {{kontakt.phone}}"
