"""What is said by SMS only, or otherwise than on the web: knowledge/sms.yml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from bot.conversation.talk import strings
from bot.errors import KnowledgeError
from bot.knowledge.reading import read_yaml
from bot.knowledge.render import ContactFields, fill, placeholders


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


def read_sms(path: Path, details: ContactFields) -> SmsFile:
    """The file at ``path``. Raises KnowledgeError when something is missing in it."""
    content = read_yaml(path)
    needed = {field.name for field in fields(SmsWords)}
    found = [f"{path}:1: «{name}» mangler under «words»" for name in sorted(needed - set(content.get("words", {})))]
    found += [
        f"{path}:1: kontakten har ikke {contact}.{field}"
        for text in strings(content)
        for contact, field in placeholders(text)
        if field not in details.get(contact, {})
    ]
    if found:
        raise KnowledgeError(found)
    words = SmsWords(**{name: fill(content["words"][name], details) for name in needed})
    return SmsFile(words, content.get("talk", {}), content.get("phrases", {}))


def over(base: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """``base`` with what ``other`` says in its place, at every level."""
    merged = dict(base)
    for name, value in other.items():
        inner = merged.get(name)
        both = isinstance(inner, Mapping) and isinstance(value, Mapping)
        merged[name] = over(inner, value) if both else value  # type: ignore[arg-type]
    return merged
