"""The few words that do something of their own, read before anything else; and a number that chooses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum

from bot.language.cleaning import fold


class Command(Enum):
    """What a whole message can ask for."""

    STOP = "stop"
    """Nothing more is to be sent."""
    ERASE = "erase"
    MORE = "more"
    HELP = "help"
    HUMAN = "human"


_STOP_WORDS = r"(?:st+o+p+|stopall|avslutte?|avmeld|unsubscribe|cancel|quit|end)"
_MESSAGES = r"(?:sms\w*|tekst\w*|melding\w*|text\w*|messages?|beskjed\w*)"
_NOT = r"(?:ikke|ikkje|itte|ikkj|ittj|aldri|do not|don't|dont|never)"
_SEND = r"(?:send|sende|skriv|skrive|sms|text|tekste|message)"
_MORE_OF = r"(?:mer|meir|mere|flere|fleire|noe mer|noko meir|anymore|any more|more|again|igjen)"
_ME = r"(?: til meg| til dette nummeret| hit| meg| me)?"
# What is said with it and changes nothing.
_BESIDE = (
    r"(?:takk|tusen takk|please|pls|plis|vær så snill|ver så snill|er du snill|er dere snille|nå|no|da|straks|now|hei)"
)
_NO_MESSAGES = "|".join(
    [
        rf"(?:kan (?:dere|du) |please )?{_NOT} {_SEND}{_ME} {_MORE_OF}(?: {_MESSAGES})?{_ME}",
        rf"(?:kan (?:dere|du) |please )?{_NOT} {_SEND}{_ME} {_MESSAGES}{_ME}",
        rf"(?:(?:jeg|eg|æ|i) )?(?:vil|ønsker) {_NOT} (?:ha|få|motta) (?:{_MORE_OF} )?{_MESSAGES}(?: {_MORE_OF})?",
        rf"(?:ingen|no) {_MORE_OF} {_MESSAGES}{_ME}",
        rf"(?:slutt|{_STOP_WORDS}) (?:å |med å )?(?:sende?|skrive?|sending|texting){_ME}(?: {_MESSAGES})?",
        rf"(?:{_STOP_WORDS}|slutt med) (?:alle |disse |all |these )?{_MESSAGES}",
        rf"meld meg av(?: {_MESSAGES})?",
    ]
)
_STOP = re.compile(rf"(?:{_BESIDE} )*{_STOP_WORDS}(?: {_STOP_WORDS})*(?: {_BESIDE})*")
_NO_MORE = re.compile(rf"(?:{_BESIDE} )*(?:{_NO_MESSAGES})(?: {_BESIDE})*")
# The whole message; inside a longer one it is as likely said to somebody else.
_NOT_TO_ME = re.compile(
    rf"(?:{_BESIDE} )*{_NOT} (?:skriv|sms|text|tekste|message|kontakt|contact) ?(?:til )?(?:meg|me)(?: {_MORE_OF})?"
)
_ERASE = re.compile(
    r"(slett\w*|sletta|fjern\w*|visk ut|erase|delete)( (alt|alt sammen|allt|alle|alt her|samtalen|samtala|meldingene"
    r"|everything|all|it|det|nå|no))*"
)
_OTHERS = {
    "mer": Command.MORE,
    "meir": Command.MORE,
    "mere": Command.MORE,
    "more": Command.MORE,
    "svar mer": Command.MORE,
    "resten": Command.MORE,
    "hjelp": Command.HELP,
    "help": Command.HELP,
    "info": Command.HELP,
    "kommandoer": Command.HELP,
    "menneske": Command.HUMAN,
    "menneskje": Command.HUMAN,
    "human": Command.HUMAN,
}
_CLAUSE = re.compile(r"[.,;!?\n]+|\s[-–]\s")
_NUMBERS = {"en": 1, "én": 1, "ein": 1, "ei": 1, "ett": 1, "eitt": 1, "one": 1, "to": 2, "two": 2, "tre": 3, "three": 3,
            "fire": 4, "four": 4, "fem": 5, "five": 5, "seks": 6, "six": 6, "sju": 7, "syv": 7, "seven": 7,
            "åtte": 8, "eight": 8, "ni": 9, "nine": 9}  # fmt: skip
_NUMBER = re.compile(
    r"(?:(?:nr|nummer|number|alternativ|valg|svar|punkt|jeg velger|velger|tar)[ .]*)*(\d{1,2}|[a-zéå]+)"
)


def without_keywords(text: str, keywords: Sequence[str]) -> str:
    """``text`` without a keyword of the service in front: on a shared number it stays in what the person wrote."""
    for keyword in keywords:
        found = re.match(rf"\W*{re.escape(keyword)}\b[\s:.,;!-]*", text, re.IGNORECASE)
        if found:
            return text[found.end() :]
    return text


def command(text: str, keywords: Sequence[str] = ()) -> Command | None:
    """What the message asks for, or None where it says something else.

    STOPP is a command when it is all that is said («STOPP», «hjemvei stopp!», «ikke send mer, takk»), or when a wish
    for no more messages is a clause of its own («ikke send mer! mamma ser»); never inside a sentence («han må stoppe»).
    """
    words = _words(_bare(text, keywords))
    if not words:
        return None
    if any(pattern.fullmatch(words) for pattern in (_STOP, _NO_MORE, _NOT_TO_ME)):
        return Command.STOP
    if any(_NO_MORE.fullmatch(_words(clause)) for clause in _CLAUSE.split(text)):
        return Command.STOP
    if _ERASE.fullmatch(words):
        return Command.ERASE
    return _OTHERS.get(words)


def chosen(text: str, titles: Sequence[str]) -> str | None:
    """The title of the choice that the message takes: by its number («2», «2.», «nr 2», «to»), its words, or the
    number with its words («2 Nei»). None where it takes none."""
    words = _words(text)
    named = [title for title in titles if words in (_words(title), _words(_short(title)))]
    if len(named) == 1 and words:
        return named[0]
    number = _NUMBER.fullmatch(words)
    if number is None:
        digit, _, rest = words.partition(" ")
        at = int(digit) if digit.isdecimal() and len(digit) < 3 else 0
        return titles[at - 1] if 0 < at <= len(titles) and _words(titles[at - 1]).startswith(rest) and rest else None
    said = number.group(1)
    at = int(said) if said.isdecimal() else _NUMBERS.get(said, 0)
    return titles[at - 1] if 0 < at <= len(titles) else None


def _bare(text: str, keywords: Sequence[str]) -> str:
    """Without a keyword before or after."""
    text = without_keywords(text, keywords)
    for keyword in keywords:
        text = re.sub(rf"[\s:.,;!-]+{re.escape(keyword)}\W*$", "", text, flags=re.IGNORECASE)
    return text


def _short(title: str) -> str:
    """The first words of a title: «Ja» of «Ja, jeg kan ringe»."""
    return re.split(r"[,:(]", title)[0]


def _words(text: str) -> str:
    return " ".join(re.findall(r"[\w']+", fold(text)))
