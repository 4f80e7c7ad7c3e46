"""What the assistant says beside the articles, as editors wrote it in knowledge/phrases.yml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.conversation.sms_words import over
from bot.errors import KnowledgeError
from bot.knowledge.reading import read_yaml
from bot.knowledge.render import ContactFields, fill, unfilled
from bot.language.urgency_words import REASONS

ALARMING = ("urgent", "acute")
_ABROAD_REASONS = {"held_abroad", "passport_taken"}

# Who stands in the first lines of phrases.yml, in a word.
_SAID_FIRST = {
    "politi_nod": "politi",
    "ambulanse_nod": "ambulanse",
    "udops": "UD, hele døgnet",
    "mental_helse": "noen å snakke med",
    "alarmtelefonen": "under 18",
}
# Said where 112 does not help; no advice to call it.
_LOCAL_POLICE = "Nummeret 112"


@dataclass(frozen=True)
class Human:
    """What is said when somebody asks for a human, and who answers."""

    nobody_here: str
    around_the_clock: list[str]
    around_the_clock_abroad: list[str]
    office_hours_too: str
    office_hours: list[str]


@dataclass(frozen=True)
class Erase:
    """What is said when the conversation is erased, and how it can be."""

    done: str
    how: str


@dataclass(frozen=True)
class Phrases:
    """The file, checked: every contact it names can be shown."""

    first_lines: dict[str, Any]
    ask_back: list[str]
    doors: list[str]
    """The topics that are offered when a message says too little to guess from."""
    guess: str
    in_case: str
    human: Human
    erase: Erase
    failed: str
    contacts: str
    contacts_staff: str
    country: dict[str, str]
    law: str
    details: ContactFields

    def reminder(self) -> str:
        """The numbers for whoever wrote too little for us to know whether there is danger."""
        return fill(self.in_case, self.details)

    def begins(self, text: str) -> bool:
        """``text`` is one of the openings of an urgent answer."""
        entries = [entry for level in ALARMING for entry in self.first_lines[level].values()]
        entries += [self.first_lines["abroad"], self.first_lines["abroad_other"]]
        return any(text.startswith(fill(e["text"], self.details)) for e in entries)

    def opening(
        self, urgency: str, reasons: Sequence[str], abroad: bool, *, other: bool = False
    ) -> tuple[list[str], list[str]]:
        """What stands first when it is urgent: the lines and the contacts they name. Empty when it is not.

        ``abroad``: the person is, or may be, in another country, where 112 does not reach Norway. ``other``: who writes
        is somebody else.
        """
        if urgency not in ALARMING:
            return [], []
        table, everywhere = self.first_lines[urgency], self.first_lines["abroad_other" if other else "abroad"]
        named = next((reason for reason in REASONS if reason in reasons and reason in table), "default")
        entry = table[named]
        lines, contacts = [fill(entry["text"], self.details)], list(entry["contacts"])
        if abroad and "abroad" in entry:
            lines.append(fill(entry["abroad"], self.details))
        elif abroad and named == "default" and _ABROAD_REASONS & set(reasons):
            # Held in another country: only the number that works there.
            lines, contacts = [fill(everywhere["text"], self.details)], list(everywhere["contacts"])
        elif abroad:
            lines.append(fill(everywhere["text"], self.details))
            contacts += everywhere["contacts"]
        return lines, contacts

    def numbers_in(self, text: str) -> str:
        """Those whom the opening ``text`` says to call, each with the number, in the order that they are named."""
        found = []
        text = text.replace(_LOCAL_POLICE, "")
        for name in _SAID_FIRST:
            fields = self.details.get(name, {})
            number = next((n for n in (fields.get("phone_abroad"), fields.get("phone")) if n and n in text), None)
            if number is not None:
                found.append((text.index(number), f"{number} ({_SAID_FIRST[name]})"))
        return ", ".join(said for _, said in sorted(found))


def read_phrases(path: Path, details: ContactFields, instead: Mapping[str, Any] | None = None) -> Phrases:
    """The file at ``path``, with what ``instead`` says in its place. Raises KnowledgeError for what is missing."""
    content = over(read_yaml(path), instead or {})
    try:
        phrases = Phrases(
            **{**content, "human": Human(**content["human"]), "erase": Erase(**content["erase"]), "details": details}
        )
        findings = list(_findings(path, phrases))
    except (KeyError, TypeError) as error:
        raise KnowledgeError([f"{path}:1: noe mangler eller er ukjent: {error}"]) from error
    if findings:
        raise KnowledgeError(findings)
    return phrases


def _findings(path: Path, phrases: Phrases) -> list[str]:
    entries = [entry for level in ALARMING for entry in phrases.first_lines[level].values()]
    entries += [phrases.first_lines["abroad"], phrases.first_lines["abroad_other"]]
    found = [
        f"{path}:1: «{level}» mangler «default»" for level in ALARMING if "default" not in phrases.first_lines[level]
    ]
    named = [contact for entry in entries for contact in entry["contacts"]]
    named += [*phrases.human.around_the_clock, *phrases.human.around_the_clock_abroad, *phrases.human.office_hours]
    for contact in named:
        if contact not in phrases.details:
            found.append(f"{path}:1: kontakten «{contact}» finnes ikke, eller vises ikke")
    for entry in entries:
        for detail in unfilled(entry["text"] + entry.get("abroad", ""), phrases.details):
            found.append(f"{path}:1: kontakten har ikke {detail}")
    return found
