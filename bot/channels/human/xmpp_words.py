"""What the assistant says to workers over XMPP, and the words that it acts on."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence

from bot.channels.human.channel import URGENCY_WORDS, Describe, summary
from bot.handoff.case import Case, Line

HELP = (
    "Skriv «ta KODE» for å ta en sak, «kø» for å se hvilke som venter, «gi tilbake» for å legge saken tilbake i køen, "
    "og «slutt» for å avslutte den. Alt annet du skriver mens du har en sak, går til personen."
)
NOT_TAKEN = f"Du har ingen sak nå. {HELP}"
UNKNOWN_CODE = "Ingen sak som venter, har den koden."
TAKEN = "En annen har tatt saken."
HAS_ONE = "Du har en sak fra før. Avslutt den med «slutt» eller legg den tilbake med «gi tilbake» først."
FAILED = "Det gikk ikke akkurat nå. Send det en gang til om litt."
NOT_SENT = "Meldingen kom ikke fram: saken er avsluttet, eller du har den ikke lenger."
TOO_LONG = "Meldingen kom ikke fram: den er for lang. Del den i flere."
ENDED = "Saken er avsluttet."
ERASED = "Personen har slettet samtalen. Slett den hos deg også."
LOST = "Du har ikke lenger saken."
GIVEN_BACK = "Saken er lagt tilbake i køen."
EMPTY = "Ingen venter."

_TAKE = re.compile(r"ta\s+([a-zæøå0-9]{4,8})[.!]?", re.IGNORECASE)
_ENDINGS = {"slutt": "close", "gi tilbake": "release", "kø": "queue", "hjelp": "help"}
# XML 1.0 § 2.2: what a stream may hold. Anything else breaks the connection for everybody.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Letters and digits that are not taken for each other.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_WRITERS = {"user": "Bruker", "human": "Rådgiver", "program": "Hjemvei"}


def new_code() -> str:
    """A code that names a case to workers, and nothing else."""
    return "".join(secrets.choice(_LETTERS) for _ in range(5))


def command(text: str) -> tuple[str, str]:
    """What a worker's words ask for: ``take`` with a code, ``close``, ``release``, ``queue``, ``help`` or ``say``."""
    plain = " ".join(text.split())
    asked = _TAKE.fullmatch(plain)
    if asked:
        return "take", asked[1].lower()
    return _ENDINGS.get(plain.lower().rstrip(".!"), "say"), ""


def announcement(case: Case, code: str, *, again: bool) -> str:
    """That a case waits, without a word of what it is about."""
    kind = "hastesak" if case.urgency in ("acute", "urgent") else "sak"
    said = f"En {kind} venter fortsatt" if again else f"Ny {kind} venter"
    return f"{said}. Skriv «ta {code}» for å ta den."


def in_queue(waiting: Sequence[tuple[str, Case]]) -> str:
    """The codes of those that wait."""
    return "\n".join(f"{code}: {URGENCY_WORDS.get(case.urgency, case.urgency)}" for code, case in waiting) or EMPTY


def handed_over(case: Case, code: str, lines: Sequence[Line], describe: Describe) -> str:
    """What the one who took the case gets first."""
    told = [f"Du har sak {code}.", summary(case, case.carried, describe), *map(spoken, lines), HELP]
    return "\n\n".join(told)


def spoken(line: Line) -> str:
    """A line with who wrote it."""
    return f"{_WRITERS.get(line.by, line.by)}: {line.text}"


def safe(text: str) -> str:
    """The text without the characters that XML cannot hold."""
    return _NOT_XML.sub("\ufffd", text)
