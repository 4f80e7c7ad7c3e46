"""What the assistant says when nobody asks: the words lie in knowledge/talk.yml, several for each occasion."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.conversation.memory import Memory
from bot.errors import KnowledgeError
from bot.knowledge.reading import read_yaml
from bot.knowledge.render import ContactFields, fill, placeholders, unfilled

_WORD = re.compile(r"\w+")
_NEEDED = (
    "welcome",
    "welcome_beside",
    "safe",
    "doors",
    "safe_answers",
    "start",
    "start_guides",
    "recognise",
    "call",
    "guide",
    "handoff",
    "asked_back",
)


@dataclass(frozen=True)
class Talk:
    """The file, checked: every contact it names can be shown."""

    content: Mapping[str, Any]
    details: ContactFields

    def pick(self, name: str, memory: Memory) -> tuple[str, Memory]:
        """The next of the ways to say ``name`` («joke.kept»), and the memory of having said it.

        They are taken in turn, so the same sentence never comes twice in a row where there are two.
        """
        ways = self.get(name)
        number = int(memory.spoken.get(name, 0))
        text = ways if isinstance(ways, str) else ways[number % len(ways)]
        return fill(text, self.details), memory.saying(**{name: number + 1})

    def text(self, name: str) -> str:
        """The one way to say ``name``."""
        return fill(str(self.get(name)), self.details)

    def get(self, name: str) -> Any:
        """What stands under ``name``, with dots between the levels. Raises KeyError."""
        found: Any = self.content
        for part in name.split("."):
            found = found[part]
        return found

    def contacts_in(self, name: str, text: str) -> list[str]:
        """The contacts whose numbers ``text``, one of the ways to say ``name``, holds."""
        ways = self.get(name)
        for way in [ways] if isinstance(ways, str) else ways:
            if fill(way, self.details) == text:
                return list(dict.fromkeys(contact for contact, _ in placeholders(way)))
        return []

    def asked_back(self, move: str | None, told: Sequence[str]) -> str | None:
        """The topic of a question that names none («er det lov?»), from what was answered last; None for another
        message, and where nothing that it could be about was answered."""
        topics = self.get("asked_back").get(move)
        last = next((topic for topic in reversed(told) if not topic.startswith("bot.")), None)
        if topics is None or last is None:
            return None
        found = topics.get(last, topics.get(last.partition(".")[0]))
        return str(found) if found else None

    def named(self, text: str) -> str | None:
        """What the quick reply that ``text`` is the title of stands for, also where it was offered long ago."""
        spoken = _plain(text)
        entries = [*self.get("doors"), *self.get("safe_answers"), *self.get("call.answers"), *self.get("sure.answers")]
        entries.append(self.get("handoff.message.offer"))
        return next((str(e["guide"]) for e in entries if _plain(e["title"]) == spoken), None)

    def choices(self, name: str) -> list[dict[str, str]]:
        """The quick replies under ``name``."""
        return [choice(entry["title"], entry["guide"]) for entry in self.get(name)]

    def entry(self, name: str) -> dict[str, str]:
        """The one quick reply under ``name``."""
        given = self.get(name)
        return choice(given["title"], given["guide"])


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))


def choice(title: str, guide: str) -> dict[str, str]:
    """A quick reply that a guide, or the start of the conversation, reads: ``name`` or ``name:fact=value``."""
    return {"title": title, "topic": "bot.kort_svar", "section": "", "guide": guide}


def read_talk(path: Path, details: ContactFields) -> Talk:
    """The file at ``path``. Raises KnowledgeError when something is missing in it."""
    content = read_yaml(path)
    missing = [name for name in _NEEDED if name not in content]
    found = [f"{path}:1: «{name}» mangler" for name in missing]
    for text in strings(content):
        found += [f"{path}:1: kontakten har ikke {detail}" for detail in unfilled(text, details)]
    if found:
        raise KnowledgeError(found)
    return Talk(content, details)


def strings(content: Any) -> Iterator[str]:
    """Every text in what a YAML file holds."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, Mapping):
        for value in content.values():
            yield from strings(value)
    elif isinstance(content, Sequence):
        for value in content:
            yield from strings(value)
