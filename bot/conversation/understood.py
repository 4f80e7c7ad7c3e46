"""What the conversation has understood, in words that can be corrected."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from bot.conversation.memory import OTHER, SELF, Memory

_MONTHS = "januar februar mars april mai juni juli august september oktober november desember".split()  # noqa: SIM905
_PAPERS = {"taken": "passet er tatt", "have": "passet har du selv"}
_CALL = {"no": "du kan ikke ringe trygt", "yes": "du kan ringe"}
_FEMALE, _MALE = {"søster", "venninne", "datter", "kusine", "niese"}, {"bror", "sønn", "fetter", "nevø"}
_OWN = {
    "venn": "vennen din",
    "venninne": "venninna di",
    "elev": "eleven",
    "barn": "barnet",
    "søskenbarn": "søskenbarnet ditt",
    "søsken": "søsknene dine",
    "klassekamerat": "klassekameraten",
}
_GROUP = {"minor": "under 18", "adult": "18 eller eldre"}


def in_words(memory: Memory, country: Callable[[str], str]) -> list[str]:
    """Each thing that is known, shortest first to say: «søsteren din», «15 år», «Pakistan». ``country``: its name."""
    told = []
    professional = memory.facts.get("role") == "professional"
    other = "personen" if professional else whom(memory.about or OTHER)
    if memory.about and not professional:
        told.append(f"det gjelder {other}")
    for whose, fact, who in ((SELF, "age", "du"), (OTHER, "their_age", other)):
        years, group = memory.ages.get(whose), memory.facts.get(fact)
        if years is not None:
            told.append(f"{who} er {years} år")
        elif group in _GROUP:
            told.append(f"{who} er {_GROUP[group]}")
    if memory.facts.get("abroad") == "no" and not memory.about:
        told.append("personen er i Norge" if professional else "du er i Norge")
    names = [name for name in map(country, memory.countries) if name]
    if names:
        told.append("landet er " + " eller ".join(names))
    if memory.place:
        told.append(f"stedet er {memory.place}")
    if "travel" in memory.when:
        told.append(f"reisen er {day(memory.when['travel'])}")
    if "wedding" in memory.when:
        told.append(f"bryllupet er {day(memory.when['wedding'])}")
    told += [
        words[memory.facts[fact]]
        for fact, words in (("papers", _PAPERS), ("call", _CALL))
        if memory.facts.get(fact) in words
    ]
    return told


def whom(about: str) -> str:
    """A relation as one says it to the person: «søsteren din»."""
    if about in _OWN:
        return _OWN[about]
    if about == OTHER:
        return "den du er urolig for"
    return (
        f"{about}a di"
        if about in ("datter", "kusine")
        else f"{about}en din"
        if not about.endswith("e")
        else f"{about}n din"
    )


def day(value: str) -> str:
    """An ISO day, or two with a slash between, as one says it: «12. juni», «mellom 20. juni og 18. august»."""
    try:
        first, _, last = value.partition("/")
        spoken = [f"{d.day}. {_MONTHS[d.month - 1]}" for d in map(date.fromisoformat, filter(None, (first, last)))]
    except ValueError:
        return value
    return spoken[0] if len(spoken) == 1 else f"mellom {spoken[0]} og {spoken[1]}"


def blanks(memory: Memory, country: Callable[[str], str]) -> dict[str, str]:
    """What a text to keep is filled with, where it is known."""
    age = memory.ages.get(SELF)
    group = _GROUP.get(memory.facts.get("age", ""), "")
    names = [name for name in map(country, memory.countries) if name]
    return {
        "country": names[-1] if names else "",
        "travel": day(memory.when["travel"]) if "travel" in memory.when else "",
        "wedding": day(memory.when["wedding"]) if "wedding" in memory.when else "",
        "age": f"{age} år" if age is not None else group,
        "papers": {"taken": "noen har tatt det", "have": "jeg har det"}.get(memory.facts.get("papers", ""), ""),
    }
