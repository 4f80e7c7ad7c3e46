"""Where a number or an address comes from, and where it is shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.directory.contacts import Directory
from bot.directory.model import Contact
from bot.knowledge import Knowledge
from bot.knowledge.render import placeholders

_NUMBER = re.compile(r"\+?[\d \u00a0().-]{3,}")
_WAYS = ("phone", "phone_abroad", "sms", "email", "chat", "url")


@dataclass(frozen=True)
class Trace:
    """One contact that has what was asked for, and the texts that show it, each with its name."""

    contact: Contact
    ways: tuple[str, ...]
    """Its fields that have it; empty when the contact itself was asked for."""
    shown_in: tuple[str, ...]


def trace(query: str, directory: Directory, texts: Mapping[str, str]) -> list[Trace]:
    """Every contact, shown or not, that has the number, address or id. ``texts``: by name, with placeholders."""
    found = []
    for contact in directory.everything.values():
        ways = tuple(name for name in _WAYS if _same(query, getattr(contact, name)))
        if ways or query.strip().lower() == contact.id:
            found.append(Trace(contact, ways, tuple(_showing(contact, ways, texts))))
    return found


def texts_of(knowledge: Knowledge, others: Mapping[str, str]) -> dict[str, str]:
    """Every text of the knowledge base that may show a contact, and ``others``."""
    articles = {
        f"{article.topic} ({section.value})": text
        for article in knowledge.articles.values()
        for section, text in article.sections.items()
    }
    services = {
        f"services.yml {service.id}": " ".join((service.mandate, service.for_whom, service.how, service.cannot))
        for service in knowledge.services.values()
    }
    return {**articles, **services, **others}


def _showing(contact: Contact, ways: Iterable[str], texts: Mapping[str, str]) -> Iterator[str]:
    fields = set(ways) or set(_WAYS)
    values = [value for name in fields if (value := getattr(contact, name))]
    for name, text in texts.items():
        named = {field for identifier, field in placeholders(text) if identifier == contact.id}
        if named & fields or any(_stands(value, text) for value in values):
            yield name


def _stands(value: str, text: str) -> bool:
    return re.search(rf"(?<![\w]){re.escape(value)}(?![\w])", text) is not None


def _same(query: str, value: str | None) -> bool:
    if not value:
        return False
    if _NUMBER.fullmatch(query.strip()):
        return "/" not in value and "@" not in value and _digits(query) == _digits(value)
    return _bare(query) == _bare(value)


def _digits(number: str) -> str:
    digits = re.sub(r"\D", "", number)
    return (
        digits.removeprefix("0047")
        if digits.startswith("0047")
        else (digits[2:] if digits.startswith("47") and len(digits) == 10 else digits)
    )


def _bare(address: str) -> str:
    return re.sub(r"^(https?://)?(www\.)?", "", address.strip().lower()).rstrip("/")
