"""What is said by SMS only, or otherwise than on the web: knowledge/sms.yml."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from bot.conversation.talk import strings
from bot.errors import KnowledgeError
from bot.knowledge.languages import OtherLanguages
from bot.knowledge.reading import read_yaml
from bot.knowledge.render import ContactFields, fill, unfilled
from bot.language.discretion import first_line, telling

_NUMBER = re.compile(r"\+?\d[\d ]*\d")


@dataclass(frozen=True)
class SmsWords:
    """What the channel itself says, with the numbers filled in."""

    first_line: str
    """Put first where the first line of an answer would tell what it is about."""
    first_line_asking: str
    """The same, before a question."""
    more: str
    """Ends a message that has a rest."""
    rest: str
    """Begins the rest."""
    about: str
    """Beside the first answer: what this is, and what can be answered."""
    commands: str
    """After the answer to HJELP."""
    stopped: str
    erased: str
    too_long: str
    unreadable: str
    limit: str
    """To a number that has had as many answers as it may; said once."""
    failed: str
    """When no answer could be made, after many tries."""


@dataclass(frozen=True)
class SmsFile:
    """The file. ``talk`` and ``phrases`` stand in the place of what talk.yml and phrases.yml have under the same
    names."""

    words: SmsWords
    talk: Mapping[str, Any]
    phrases: Mapping[str, Any]
    addresses: frozenset[str]
    """The contacts' addresses on the web, and those of their sites, without «https://www.»."""
    foreign: frozenset[str]
    """Every text in another language that may be said."""


def read_sms(path: Path, details: ContactFields, languages: OtherLanguages) -> SmsFile:
    """The file at ``path``, and what else may be said by SMS. Raises KnowledgeError when something is missing in it."""
    content = read_yaml(path)
    needed = {field.name for field in fields(SmsWords)}
    found = [f"{path}:1: «{name}» mangler under «words»" for name in sorted(needed - set(content.get("words", {})))]
    found += [
        f"{path}:1: kontakten har ikke {detail}" for text in strings(content) for detail in unfilled(text, details)
    ]
    if found:
        raise KnowledgeError(found)
    words = SmsWords(**{name: fill(content["words"][name], details) for name in needed})
    known = languages.by_code.values()
    foreign = [fill(text, details) for own in known for text in (own.beside_sms, own.beside_suicide) if text]
    return SmsFile(
        words,
        content.get("talk", {}),
        content.get("phrases", {}),
        addresses=frozenset(_addresses(details)),
        foreign=frozenset([*foreign, *(own.spoken(details, sms=True) for own in known)]),
    )


def begins_with(text: str, opening: str) -> bool:
    """The first line of ``text`` says every number of ``opening``, and nothing that tells what it is about."""
    first = first_line(text)
    return first != text and not telling(first) and all(number in first for number in _NUMBER.findall(opening))


def _addresses(details: ContactFields) -> Iterator[str]:
    for value in (value for fields_ in details.values() for value in fields_.values()):
        if value.startswith("http"):
            bare = re.sub(r"^https?://(www\.)?", "", value).rstrip("/")
            yield from (bare, bare.partition("/")[0])


def over(base: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """``base`` with what ``other`` says in its place, at every level."""
    merged = dict(base)
    for name, value in other.items():
        inner = merged.get(name)
        both = isinstance(inner, Mapping) and isinstance(value, Mapping)
        merged[name] = over(inner, value) if both else value  # type: ignore[arg-type]
    return merged
