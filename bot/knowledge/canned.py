"""Answers that staff put in with a key, and may change before they send them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.errors import KnowledgeError
from bot.knowledge.reading import read_yaml
from bot.knowledge.render import ContactFields, fill, unfilled
from bot.language import gsm7
from bot.language.readability import readability

FILE = "canned.yml"
LANGUAGES = ("nb", "nn", "en")
SMS_PARTS = 3
LIX = 35
# What nobody can promise, in any of the three.
_PROMISE = re.compile(
    r"\b(lover|lovar|garanter(er|ar|t)|helt sikkert|alltid trygg|promise|guaranteed?|definitely|always safe)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d{3,}|\d \d{2}")


@dataclass(frozen=True)
class Canned:
    """One of them. ``texts``: by language, ``nb`` always there, with the directory's details filled in."""

    id: str
    title: str
    texts: Mapping[str, str]


def read_canned(root: Path, contacts: ContactFields) -> list[Canned]:
    """The file canned.yml of the folder knowledge/. Raises KnowledgeError."""
    try:
        return [
            Canned(item.id, item.title, {language: fill(text, contacts) for language, text in item.texts.items()})
            for item in _raw(root)
        ]
    except KeyError as error:
        raise KnowledgeError([f"{root / FILE}:1: kontakten {error} finnes ikke"]) from error


def findings(root: Path, contacts: ContactFields) -> Iterator[str]:
    """What an editor has to mend, a sentence each."""
    try:
        raw = _raw(root)
    except KnowledgeError as error:
        yield from error.findings
        return
    for name in ("id", "title"):
        values = [getattr(item, name) for item in raw]
        yield from (f"«{name}: {value}» står to ganger" for value in {v for v in values if values.count(v) > 1})
    for item in raw:
        for language, text in item.texts.items():
            yield from (f"{item.id}, {language}: {what}" for what in _of(language, text, contacts))


def _of(language: str, text: str, contacts: ContactFields) -> Iterator[str]:
    if missing := unfilled(text, contacts):
        yield f"kontakten har ikke {', '.join(missing)}"
        return
    if _NUMBER.search(re.sub(r"\{[^}]*\}", "", text)):
        yield "et nummer er skrevet for hånd; bruk {kontakt.phone}"
    if promise := _PROMISE.search(text):
        yield f"«{promise[0]}» er et løfte"
    filled = fill(text, contacts)
    plain = gsm7.plain(filled)
    if foreign := gsm7.foreign_characters(plain):
        yield f"tegn utenfor GSM-7: {foreign}"
    elif gsm7.parts(plain) > SMS_PARTS:
        yield f"tar {gsm7.parts(plain)} SMS-deler, høyst {SMS_PARTS}"
    # LIX is made for Scandinavian words.
    if language != "en" and (lix := readability(filled).lix) >= LIX:
        yield f"har LIX {lix:.0f}, skal være under {LIX}"


def _raw(root: Path) -> list[Canned]:
    """As it stands in the file, its placeholders not filled in. Raises KnowledgeError."""
    read = read_yaml(root / FILE)
    if not isinstance(read, list):
        raise KnowledgeError([f"{root / FILE}:1: fila skal være en liste av svar"])
    made = []
    for item in read:
        texts = {language: item.get(language) for language in LANGUAGES} if isinstance(item, dict) else {}
        known = {language: text for language, text in texts.items() if text is not None}
        if not known or not all(isinstance(text, str) for text in (item.get("id"), item.get("title"), *known.values())):
            raise KnowledgeError([f"{root / FILE}:1: hvert svar må ha id, title og nb, som tekst: {item}"])
        if "nb" not in known:
            raise KnowledgeError([f"{root / FILE}:1: {item['id']} mangler nb"])
        if other := set(item) - {"id", "title", *LANGUAGES}:
            raise KnowledgeError([f"{root / FILE}:1: {item['id']} har ukjente felt: {', '.join(map(str, other))}"])
        made.append(Canned(item["id"], item["title"], known))
    return made
