"""Fill the contact details into a text.

Editors write ``{udops.phone}``, never the number itself, so that a number is changed in one place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

ContactFields = Mapping[str, Mapping[str, str]]
"""For each contact id, its details as text: ``name``, ``phone``, ``phone_abroad``, ``sms``, ``email``, ``chat``,
``url``, ``hours``."""

_PLACEHOLDER = re.compile(r"\{([a-z0-9_]+)\.([a-z_]+)\}")


def fill(text: str, contacts: ContactFields) -> str:
    """Replace every ``{contact.field}``. Raises KeyError for one the directory lacks (check() finds it first)."""
    return _PLACEHOLDER.sub(lambda match: contacts[match.group(1)][match.group(2)], text)


def placeholders(text: str) -> list[tuple[str, str]]:
    """Every ``(contact, field)`` that ``text`` asks for, in order."""
    return _PLACEHOLDER.findall(text)


def unfilled(text: str, contacts: ContactFields) -> list[str]:
    """The details that ``text`` asks for and the directory lacks, as ``contact.field``."""
    return [f"{contact}.{field}" for contact, field in placeholders(text) if field not in contacts.get(contact, {})]
