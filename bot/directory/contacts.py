"""The contacts that editors keep in knowledge/contacts/."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.errors import KnowledgeError
from bot.knowledge.reading import read_yaml

SHOWN = "shown"
_STATES = (SHOWN, "held_back", "closed")
_DETAILS = ("name", "phone", "phone_abroad", "sms", "email", "chat", "url", "hours")


@dataclass(frozen=True)
class Contact:
    """A service that can help, and how to reach it. What no source gives is None, never guessed."""

    id: str
    name: str
    does: str
    kind: str
    state: str
    short: str | None = None
    """The name in everyday speech."""
    phone: str | None = None
    phone_abroad: str | None = None
    sms: str | None = None
    email: str | None = None
    chat: str | None = None
    url: str | None = None
    hours: str | None = None

    @property
    def spoken_name(self) -> str:
        """The name as people say it."""
        return self.short or self.name

    def details(self) -> dict[str, str]:
        """The fields that texts may ask for, those that are known."""
        values = {name: getattr(self, name) for name in _DETAILS}
        return {name: value for name, value in values.items() if value}


@dataclass(frozen=True)
class Directory:
    """The contacts that may be shown, by id."""

    contacts: Mapping[str, Contact]

    def get(self, identifier: str) -> Contact | None:
        return self.contacts.get(identifier)

    def details(self) -> dict[str, dict[str, str]]:
        """For each contact id, its details as text."""
        return {identifier: contact.details() for identifier, contact in self.contacts.items()}


def load(folder: Path) -> Directory:
    """Read every file of the folder. Raises KnowledgeError with every finding."""
    findings: list[str] = []
    found: dict[str, Contact] = {}
    for path in sorted(folder.glob("*.yml")):
        try:
            entries: Iterable[Mapping[str, Any]] = read_yaml(path) or ()
        except KnowledgeError as error:
            findings += error.findings
            continue
        for number, entry in enumerate(entries, start=1):
            try:
                contact = _contact(entry)
            except (TypeError, KeyError, ValueError) as error:
                findings.append(f"{path}:1: oppføring {number}: {error}")
                continue
            if contact.id in found:
                findings.append(f"{path}:1: «{contact.id}» står to ganger")
            found[contact.id] = contact
    if findings:
        raise KnowledgeError(findings)
    return Directory({key: contact for key, contact in found.items() if contact.state == SHOWN})


def _contact(entry: Mapping[str, Any]) -> Contact:
    if entry["state"] not in _STATES:
        raise ValueError(f"«state» må være en av {', '.join(_STATES)}")
    if not entry.get("sources"):
        raise ValueError(f"«{entry['id']}» har ingen kilde")
    for name in _DETAILS:
        if not isinstance(entry.get(name), (str, type(None))):
            # YAML reads 02800 as a number unless it stands in quotes.
            raise ValueError(f"«{entry['id']}»: «{name}» må stå i anførselstegn")
    values: dict[str, Any] = {name: entry.get(name) for name in Contact.__dataclass_fields__}
    return Contact(**values)
