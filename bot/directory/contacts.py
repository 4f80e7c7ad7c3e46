"""The contacts that editors keep in knowledge/contacts/."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from bot.directory.hours import parse
from bot.directory.model import (
    CHANNELS,
    CONFIDENCES,
    DETAILS,
    ROLES,
    SEXES,
    STATES,
    Ages,
    Contact,
    Coverage,
    Reference,
)
from bot.errors import KnowledgeError
from bot.knowledge.reading import read_yaml

# What an entry may hold, and what each key must be.
_TEXTS = (
    *("id", "name", "short", "kind", "does", "for", "phone", "phone_abroad", "sms", "email", "chat", "url"),
    *("hours", "hours_note", "languages", "anonymous", "scope", "note", "state", "confidence", "sex", "why_state"),
)
_LISTS = ("earlier_names", "aliases", "needs", "roles", "status", "speaks")
_FLAGS = ("free", "worried_adults", "many_languages", "interpreter")
_OTHER = ("open", "age", "about_age", "covers", "sources", "verified_on", "verify_by")
KEYS = frozenset((*_TEXTS, *_LISTS, *_FLAGS, *_OTHER))
_NEEDED = ("id", "name", "kind", "does", "state", "confidence", "verified_on", "verify_by")


@dataclass(frozen=True)
class Directory:
    """The contacts that may be shown, by id; ``everything`` holds those that may not, too."""

    contacts: Mapping[str, Contact]
    everything: Mapping[str, Contact] = field(default_factory=dict)

    def get(self, identifier: str) -> Contact | None:
        return self.contacts.get(identifier)

    def details(self) -> dict[str, dict[str, str]]:
        """For each contact id, its details as text."""
        return {identifier: contact.details() for identifier, contact in self.contacts.items()}


def load(folder: Path) -> Directory:
    """Read every file of the folder. Raises KnowledgeError with every finding."""
    findings: list[str] = []
    found: dict[str, Contact] = {}
    for path, number, entry in entries(folder, findings):
        try:
            contact = contact_from(entry, path.name)
        except (TypeError, KeyError, ValueError, AttributeError) as error:
            name = entry.get("id", f"oppføring {number}") if isinstance(entry, Mapping) else f"oppføring {number}"
            findings.append(f"{path}:1: «{name}»: {error}")
            continue
        if contact.id in found:
            findings.append(f"{path}:1: «{contact.id}» står to ganger")
        found[contact.id] = contact
    if findings:
        raise KnowledgeError(findings)
    return Directory({key: contact for key, contact in found.items() if contact.shown}, found)


def entries(folder: Path, findings: list[str]) -> Iterable[tuple[Path, int, Mapping[str, Any]]]:
    """Each entry with its file and its place in it, as it stands there."""
    for path in sorted(folder.glob("*.yml")):
        try:
            content = read_yaml(path) or ()
        except KnowledgeError as error:
            findings += error.findings
            continue
        for number, entry in enumerate(content, start=1):
            yield path, number, entry


def contact_from(entry: Mapping[str, Any], file: str = "") -> Contact:
    """One entry as a contact. Raises ValueError with a Norwegian sentence when it does not have the form."""
    _check_form(entry)
    lists: dict[str, Any] = {key: tuple(entry[key]) for key in _LISTS if entry.get(key)}
    texts: dict[str, Any] = {key: entry.get(key) for key in (*DETAILS, "short", "languages", "anonymous", "scope")}
    flags: dict[str, Any] = {key: entry[key] for key in _FLAGS if key in entry}
    age = entry.get("age") or {}
    return Contact(
        **{**texts, **lists, **flags},
        id=entry["id"],
        does=entry["does"],
        kind=entry["kind"],
        state=entry["state"],
        whom=entry.get("for") or "",
        open={channel: parse(given) for channel, given in (entry.get("open") or {}).items()},
        ages=Ages(age.get("from"), age.get("to")),
        sex=entry.get("sex"),
        covers=_coverage(entry.get("covers")),
        sources=tuple(Reference(str(item["ref"]), str(item["date"])) for item in entry["sources"]),
        confidence=entry["confidence"],
        verified_on=entry["verified_on"],
        verify_by=entry["verify_by"],
        why_state=entry.get("why_state"),
        note=entry.get("note"),
        file=file,
    )


def _check_form(entry: Mapping[str, Any]) -> None:
    missing = [key for key in _NEEDED if not entry.get(key)]
    if missing:
        raise ValueError(f"mangler {', '.join(missing)}")
    unknown = sorted(set(entry) - KEYS)
    if unknown:
        raise ValueError(f"ukjent felt: {', '.join(unknown)}")
    if not entry.get("sources"):
        raise ValueError("har ingen kilde")
    for key in _TEXTS:
        if not isinstance(entry.get(key), (str, type(None))):
            # YAML reads 112 as a number unless it stands in quotes.
            raise ValueError(f"«{key}» må stå i anførselstegn")
    for key in _LISTS:
        items = entry.get(key) or []
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            raise ValueError(f"«{key}» må være en liste med tekst")
    for key in _FLAGS:
        if not isinstance(entry.get(key, False), bool):
            raise ValueError(f"«{key}» må være true eller false")
    for key in ("verified_on", "verify_by"):
        if type(entry[key]) is not date:
            raise ValueError(f"«{key}» må være en dato (ÅÅÅÅ-MM-DD)")
    _check_values(entry)


def _check_values(entry: Mapping[str, Any]) -> None:
    for key, allowed in (("state", STATES), ("confidence", CONFIDENCES), ("sex", (*SEXES, None))):
        if entry.get(key) not in allowed:
            raise ValueError(f"«{key}» må være en av {', '.join(str(value) for value in allowed if value)}")
    if not set(entry.get("roles") or ()) <= set(ROLES):
        raise ValueError(f"«roles» kan være {', '.join(ROLES)}")
    if not set(entry.get("open") or ()) <= set(CHANNELS):
        raise ValueError(f"«open» kan ha {', '.join(CHANNELS)}")
    for key in ("age", "about_age"):
        ages = entry.get(key) or {}
        if not set(ages) <= {"from", "to"} or not all(isinstance(value, int) for value in ages.values()):
            raise ValueError(f"«{key}» må ha «from», «to» eller begge, som hele tall")


def _coverage(given: Mapping[str, Any] | None) -> Coverage:
    if not given:
        return Coverage(national=True)
    unknown = sorted(set(given) - set(Coverage.__dataclass_fields__))
    if unknown:
        raise ValueError(f"ukjent felt i «covers»: {', '.join(unknown)}")
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in given.items()}
    return Coverage(**values)
