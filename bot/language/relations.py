"""Who somebody is to the writer (mother, uncle, husband, pupil), and the papers and things that are taken away.

The forms lie in data/relations.yml and data/documents.yml.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bot.language.gazetteer import Found, Gazetteer
from bot.language.lists import content, words
from bot.language.tokens import Token, tokens

_OWNERS, _MY = words("relations", "owners"), words("relations", "my")
_PAPER_OWNERS, _TAKEN = words("documents", "owners"), words("documents", "taken")
_PASS_NOT_BEFORE, _PASS_NOT_AFTER = words("documents", "passport_not_before"), words("documents", "passport_not_after")
_LIKELY_CONFIDENCE = 0.6


@dataclass(frozen=True)
class Mention:
    """Something named in a text, the characters ``start`` to ``end``: ``value`` is the file's key."""

    value: str
    start: int
    end: int
    confidence: float = 1.0


def find_relations(text: str) -> list[Mention]:
    """People by what they are to somebody, in order."""
    return relations_among(tokens(text))


def relations_among(message: Sequence[Token]) -> list[Mention]:
    """The same, for a text that has been split into words. A word that needs an owner is found only with one."""
    found = []
    for item in _gazetteer("relations").find(message):
        owned = _owned(message, item.first, item.last, _OWNERS | _MY)
        meanings = dict(reversed(item.meanings))
        value = meanings.get("forms") or (meanings.get("owned") if owned else meanings.get("likely"))
        if value is None or _said_otherwise(message, item, value):
            continue
        sure = "forms" in meanings or owned
        found.append(Mention(value, item.start, item.end, item.confidence if sure else _LIKELY_CONFIDENCE))
    return found


def find_documents(text: str) -> list[Mention]:
    """Papers, cards and telephones, in order."""
    return documents_among(tokens(text))


def documents_among(message: Sequence[Token]) -> list[Mention]:
    """The same, for a text that has been split into words."""
    found = []
    for item in _gazetteer("documents").find(message):
        ((kind, value), *_) = item.meanings
        before = message[item.first - 1].text if item.first else ""
        after = message[item.last + 1].text if item.last + 1 < len(message) else ""
        if kind == "owned" and not (after in _PAPER_OWNERS or before in _TAKEN or before in _MY):
            continue
        if item.form in ("pass", "passa", "passe") and (after in _PASS_NOT_BEFORE or before in _PASS_NOT_AFTER):
            continue
        if item.form in ("passa", "passe") and after not in _PAPER_OWNERS:
            continue
        if after and message[item.last + 1].joined:
            continue
        found.append(Mention(value, item.start, item.end, item.confidence))
    return found


def _owned(message: Sequence[Token], first: int, last: int, owners: frozenset[str]) -> bool:
    """«mannen min», «min mann»; «mannen til søsteren min» too."""
    if first and message[first - 1].text in owners:
        return True
    after = [token.text for token in message[last + 1 : last + 3]]
    return bool(after) and (after[0] in owners or (after[0] == "til" and len(after) > 1))


def _said_otherwise(message: Sequence[Token], item: Found[Any], value: str) -> bool:
    """The word before makes another word of it: «å far», «familie-»."""
    after = message[item.last + 1] if item.last + 1 < len(message) else None
    if after is not None and after.joined:
        return True
    not_after = content("relations")["not_after"].get(value, "").split()
    return bool(item.first) and message[item.first - 1].text in not_after and item.form in (value, "morra")


@lru_cache(maxsize=2)
def _gazetteer(name: str) -> Gazetteer[tuple[str, str]]:
    return Gazetteer(_forms(content(name)))


def _forms(read: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, str]]]:
    for kind in ("forms", "owned", "likely"):
        for value, forms in read.get(kind, {}).items():
            for form in forms.split():
                yield form.replace("_", " "), (kind, value)
