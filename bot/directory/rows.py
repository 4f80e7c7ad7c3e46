"""A contact as the tables hold it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from bot.directory.contacts import Directory
from bot.directory.hours import DAYS, HOLIDAYS, Hours, Rule
from bot.directory.model import CHANNELS, Contact

_FILES = "knowledge/contacts"


def rows(directory: Directory) -> dict[str, tuple[Mapping[str, Any], str]]:
    """Every contact, shown or not, with the file it comes from: what the database is brought in step with."""
    return {
        identifier: (values(contact), f"{_FILES}/{contact.file}")
        for identifier, contact in directory.everything.items()
    }


def values(contact: Contact) -> dict[str, Any]:
    """The columns of the table ``contacts``."""
    return {
        "name": contact.name,
        "short": contact.short,
        "earlier_names": list(contact.earlier_names),
        "aliases": list(contact.aliases),
        "kind": contact.kind,
        "does": contact.does,
        "whom": contact.whom,
        "age_from": contact.ages.least,
        "age_to": contact.ages.most,
        "worried_adults": contact.worried_adults,
        "sex": contact.sex,
        "roles": list(contact.roles),
        "status": list(contact.status),
        "needs": list(contact.needs),
        "channels": [
            {"kind": name, "address": contact.way(name), "hours": _hours(contact.open.get(name))}
            for name in CHANNELS
            if contact.way(name)
        ],
        "hours": contact.hours,
        "languages": {
            "said": contact.languages,
            "speaks": list(contact.speaks),
            "many": contact.many_languages,
            "interpreter": contact.interpreter,
        },
        "anonymous": contact.is_anonymous if contact.anonymous else None,
        "free": contact.free,
        "from_abroad": contact.from_abroad,
        "scope": contact.scope,
        "covers": {
            name: list(value) if isinstance(value, tuple) else value for name, value in asdict(contact.covers).items()
        },
        "sources": [asdict(reference) for reference in contact.sources],
        "confidence": contact.confidence,
        "verified_on": contact.verified_on,
        "verify_by": contact.verify_by,
        "state": contact.state,
        "why_state": contact.why_state,
        "note": contact.note,
    }


def _hours(hours: Hours | None) -> Any:
    if hours is None:
        return None
    if hours.always:
        return "always"
    seasons: dict[str, Any] | None = {"unsure_in": sorted(hours.unsure_in)} if hours.unsure_in else None
    # A season without hours of its own, or one entry for each span in it.
    unsure = [{**seasons, **_span(rule)} for rule in hours.in_season] or [seasons] if seasons else []
    return [
        {"days": [DAYS[day] for day in sorted(rule.days)] + ([HOLIDAYS] if rule.holidays else []), **_span(rule)}
        for rule in hours.rules
    ] + unsure


def _span(rule: Rule) -> dict[str, str]:
    return {"from": _clock(rule.start), "to": _clock(rule.end)}


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
