"""A reply as text messages: the first line tells nothing, nothing is cut inside a sentence or a number, and what does
not fit waits for MER."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from bot.conversation.sms_words import SmsWords
from bot.language import gsm7
from bot.language.discretion import first_line, telling

MAX_PARTS = 3
"""Parts of one message; what is longer is cut."""
_LINK = re.compile(r"\[([^\]\n]+)\]\((?:https?|mailto|tel):[^)\s]*\)")
_URL = re.compile(r"https?://[^\s<>()«»\"]*[^\s<>()«»\".,:;!?]")
_SHORT = 30
# An asking text longer than this has an answer before the question.
_QUESTION = 120
_GREETING = re.compile(r"^Hei[.,!] +")
# A sentence ends before a capital, a quotation mark, a plus, or a letter of a script that has no capitals; also at
# every line break. What follows in lower case or as a figure («kl. 9», «12. juni», «f.eks. en») goes on.
_END = re.compile(r"[.!?…؟۔።]+[\"')]*\s+(?=[^\W\d_]|[\"'(+])|\n+")
_NUMBER = re.compile(r"\+?\d[\d ]*\d")
_ITEM = re.compile(r"^\d{1,2}\. (?=[A-ZÆØÅ\"(])")
_BREAK = re.compile(r"\s+")


@dataclass(frozen=True)
class Sms:
    """One message of at most MAX_PARTS, and the titles of the choices that it ends with."""

    text: str
    choices: tuple[str, ...] = ()


def messages(
    texts: Sequence[str],
    titles: Sequence[str],
    words: SmsWords,
    known: Collection[str] = (),
    about: str = "",
    asks: bool = False,
) -> list[Sms]:
    """A reply's texts and choices as messages: the first of each alphabet is sent, the others wait.

    ``known``: the addresses on the web that may stand in a message, without «https://www.». ``about``: a line that is
    put last where there is room for it. ``asks``: the choices answer a question, so all of them are shown; else as many
    as there is room for.
    """
    body = _once("\n".join(plain(text, known) for text in texts).strip())
    if not body:
        return []
    if telling(first_line(body)):
        question = asks and len(body) < _QUESTION
        body = f"{words.first_line_asking if question else words.first_line}\n{_GREETING.sub('', body)}"
    cut_up = cut(body, words, last=listed(titles) if asks else "")
    shown = list(titles) if asks else _that_fit(cut_up[-1], titles)
    ending = cut_up[-1] + ("" if asks else listed(shown))
    if about and len(cut_up) == 1 and gsm7.parts(f"{ending}\n{about}") <= MAX_PARTS:
        ending = f"{ending}\n{about}"
    return [*map(Sms, cut_up[:-1]), Sms(ending, tuple(shown))]


def _once(body: str) -> str:
    """Greeted once, and without the short lines that say no number but those of the first line."""
    first, *lines = body.splitlines() or [""]
    lines = [_GREETING.sub("", line) for line in lines]
    said = set(_NUMBER.findall(first))
    kept = [
        line for line in lines if len(line) > _SHORT or not said.issuperset(found := _NUMBER.findall(line)) or not found
    ]
    return "\n".join([first, *kept])


def described(text: str) -> dict[str, Any]:
    """A message with its ``parts``, its ``alphabet`` (GSM-7 or UCS-2) and its ``characters``."""
    alphabet = "UCS-2" if gsm7.foreign_characters(text) else "GSM-7"
    return {"text": text, "parts": gsm7.parts(text), "alphabet": alphabet, "characters": len(text)}


def plain(text: str, known: Collection[str] = ()) -> str:
    """``text`` as it can stand in a message: no markup, no address but a short known one, no empty lines, and no
    numbered steps, for a number is what one answers with."""
    text = _URL.sub(lambda match: _address(match.group(), known), _LINK.sub(r"\1", text))
    lines = [_ITEM.sub("- ", re.sub(r"[ \t]+", " ", line).strip()) for line in gsm7.plain(text).splitlines()]
    return "\n".join(line for line in lines if line)


def listed(titles: Sequence[str]) -> str:
    """The choices as lines, «1 Hjelp nå», each begun by a line break; nothing where there are none."""
    return "".join(f"\n{number} {gsm7.plain(title)}" for number, title in enumerate(titles, start=1))


def cut(text: str, words: SmsWords, last: str = "") -> list[str]:
    """``text`` in messages of at most MAX_PARTS, each but the last with a word on how to get the rest.

    Cut between sentences; a sentence that is too long for a message of its own is cut between words, but never inside
    a number. ``last`` follows the text and is not divided.
    """
    made: list[str] = []
    left, start = text.strip(), ""
    while gsm7.parts(f"{start}{left}{last}") > MAX_PARTS:
        at = _where(left, f"{start}", f"\n{words.more}")
        if at >= len(left):
            # Only ``last`` has no room: it follows in a message of its own.
            made.append(f"{start}{left}\n{words.more}")
            return [*made, f"{words.rest}{last}"]
        made.append(f"{start}{left[:at].rstrip()}\n{words.more}")
        left, start = left[at:].lstrip(), f"{words.rest}\n"
    return [*made, f"{start}{left}{last}"]


def sentences(text: str) -> list[str]:
    """``text`` in sentences and lines, each with the space that follows it: joined they are ``text``."""
    ends = [match.end() for match in _END.finditer(text) if _ends(text, match)]
    return [text[a:b] for a, b in zip([0, *ends], [*ends, len(text)], strict=True) if b > a]


def _ends(text: str, match: re.Match[str]) -> bool:
    following = text[match.end() : match.end() + 1]
    return "\n" in match.group() or not following.islower()


def _where(text: str, start: str, end: str) -> int:
    """How much of ``text`` a message that begins and ends so has room for."""

    def fits(at: int) -> bool:
        return gsm7.parts(f"{start}{text[:at].rstrip()}{end}") <= MAX_PARTS

    at = whole = 0
    for sentence in sentences(text):
        if not fits(at + len(sentence)):
            break
        at += len(sentence)
        # A heading is not left behind without what it stands over.
        whole = whole if sentence.rstrip().endswith(":") else at
    if at:
        return whole or at
    numbers = [range(match.start() + 1, match.end()) for match in _NUMBER.finditer(text)]
    breaks = [found.end() for found in _BREAK.finditer(text) if not any(found.start() in number for number in numbers)]
    return next((at for at in reversed(breaks) if fits(at)), 0) or max(at for at in range(1, len(text)) if fits(at))


def _that_fit(message: str, titles: Sequence[str]) -> list[str]:
    shown = list(titles)
    while shown and gsm7.parts(message + listed(shown)) > MAX_PARTS:
        shown.pop()
    return shown


def _address(url: str, known: Collection[str]) -> str:
    """The address without what is not needed, where it is short and known; else the name of its site, if known."""
    bare = re.sub(r"^https?://(www\.)?", "", url).rstrip("/")
    site = bare.partition("/")[0]
    return next((way for way in (bare, site) if way in known and len(way) <= _SHORT), "")
