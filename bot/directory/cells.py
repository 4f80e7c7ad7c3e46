"""Contacts as rows of a spreadsheet: every field of an entry as one cell of text, and back without loss."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

LISTS = ("earlier_names", "aliases", "needs", "roles", "status", "speaks")
FLAGS = ("free", "worried_adults", "many_languages", "interpreter")
DATES = ("verified_on", "verify_by")
AGES = ("age", "about_age")
COLUMNS = (
    *(
        "id",
        "version",
        "file",
        "state",
        "why_state",
        "kind",
        "name",
        "short",
        "earlier_names",
        "aliases",
        "does",
        "for",
    ),
    *("needs", "age", "about_age", "worried_adults", "sex", "roles", "status", "phone", "phone_abroad", "sms", "email"),
    *("chat", "url", "hours", "open", "hours_note", "languages", "speaks", "many_languages", "interpreter"),
    *("anonymous", "free", "scope", "covers", "sources", "confidence", "verified_on", "verify_by", "note"),
)
"""The columns, in their order. ``version`` and ``file`` are not fields of an entry."""
NOT_FIELDS = ("version", "file")
Entry = Mapping[str, Any]
_YES, _NO = "ja", "nei"
# A spreadsheet takes a cell that begins so for a formula; a leading apostrophe says that it is text.
_FORMULA = ("=", "+", "-", "@")


def version(entry: Entry) -> str:
    """A short digest of what an entry says: what an editor saw when they took it out."""
    return hashlib.sha256(json.dumps(cells(entry), ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:12]


def cells(entry: Entry) -> dict[str, str]:
    """The fields of an entry as text; those that are empty are left out."""
    written = {name: _write(name, value) for name, value in entry.items() if value not in (None, [], {}, "")}
    return {name: written[name] for name in COLUMNS if name in written}


def entry_from(row: Mapping[str, str]) -> dict[str, Any]:
    """The fields of a row; an empty cell is an empty field (None). Raises ValueError in Norwegian."""
    return {
        name: _read(name, text.strip()) if text.strip() else None
        for name, text in row.items()
        if name not in NOT_FIELDS
    }


def guarded(text: str) -> str:
    """``text`` so that a spreadsheet does not take it for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def unguarded(text: str) -> str:
    """What ``guarded`` was given."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text


def _write(name: str, value: Any) -> str:
    if name in LISTS:
        return "; ".join(value)
    if name in FLAGS:
        return _YES if value else _NO
    if name in DATES:
        return str(value.isoformat())
    if name in AGES:
        return f"{value.get('from', '')}-{value.get('to', '')}"
    writer = _WRITERS.get(name)
    # Lines of a folded text are one line in a cell.
    return writer(value) if writer else " ".join(str(value).split())


def _read(name: str, text: str) -> Any:
    if name in LISTS:
        return [part.strip() for part in text.split(";") if part.strip()]
    if name in FLAGS:
        if text.lower() not in (_YES, _NO):
            raise ValueError(f"«{name}» må være ja eller nei, ikke «{text}»")
        return text.lower() == _YES
    if name in DATES:
        return _date(name, text)
    if name in AGES:
        return _ages(name, text)
    reader = _READERS.get(name)
    return reader(text) if reader else text


def _date(name: str, text: str) -> date:
    try:
        return datetime.fromisoformat(text).date()
    except ValueError as error:
        raise ValueError(f"«{name}» må være en dato (ÅÅÅÅ-MM-DD), ikke «{text}»") from error


def _ages(name: str, text: str) -> dict[str, int]:
    first, dash, last = text.partition("-")
    if not dash or not all(part.strip().isdigit() or not part.strip() for part in (first, last)):
        raise ValueError(f"«{name}» må skrives som 16-25, 18- eller -17, ikke «{text}»")
    ends = {"from": first.strip(), "to": last.strip()}
    return {end: int(number) for end, number in ends.items() if number}


def _write_open(channels: Mapping[str, Any]) -> str:
    return "; ".join(f"{channel}: {_write_rules(given)}" for channel, given in channels.items())


def _write_rules(given: Any) -> str:
    if isinstance(given, str):
        return given
    parts = []
    for rule in given:
        if "unsure_in" in rule:
            clock = f" {rule['from']}-{rule['to']}" if "from" in rule else ""
            parts.append(f"unsure {'+'.join(rule['unsure_in'])}{clock}")
        else:
            days = "+".join(part.strip() for part in str(rule["days"]).split(","))
            parts.append(f"{days} {rule['from']}-{rule['to']}")
    return ", ".join(parts)


def _read_open(text: str) -> dict[str, Any]:
    channels: dict[str, Any] = {}
    for part in filter(None, (part.strip() for part in text.split(";"))):
        channel, colon, rules = part.partition(":")
        if not colon:
            raise ValueError(f"«open» må skrives som «phone: mon-fri 09:00-15:00; chat: always», ikke «{text}»")
        channels[channel.strip()] = _read_rules(rules.strip())
    return channels


def _read_rules(text: str) -> Any:
    if text == "always":
        return text
    rules: list[dict[str, Any]] = []
    for part in (part.strip() for part in text.split(",")):
        days, _, clock = part.partition(" ")
        if days == "unsure":
            seasons, _, hours = clock.strip().partition(" ")
            start, dash, end = hours.partition("-")
            given = {"from": start.strip(), "to": end.strip()} if dash else {}
            rules.append({"unsure_in": seasons.split("+"), **given})
            continue
        start, dash, end = clock.strip().partition("-")
        if not dash:
            raise ValueError(f"«{part}» er ikke en åpningstid («mon-fri 09:00-15:00»)")
        rules.append({"days": ", ".join(days.split("+")), "from": start.strip(), "to": end.strip()})
    return rules


def _write_covers(covers: Mapping[str, Any]) -> str:
    return "; ".join(
        f"{name}: {', '.join(value)}" if isinstance(value, list) else name for name, value in covers.items()
    )


def _read_covers(text: str) -> dict[str, Any]:
    covers: dict[str, Any] = {}
    for part in filter(None, (part.strip() for part in text.split(";"))):
        name, colon, names = part.partition(":")
        covers[name.strip()] = [item.strip() for item in names.split(",") if item.strip()] if colon else True
    return covers


def _write_sources(sources: list[Mapping[str, str]]) -> str:
    return "\n".join(f"{' '.join(str(source['ref']).split())} || {source['date']}" for source in sources)


def _read_sources(text: str) -> list[dict[str, str]]:
    sources = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        ref, bars, dated = line.rpartition(" || ")
        if not bars or not ref.strip() or not dated.strip():
            raise ValueError("hver linje i «sources» må være «kilden || datoen»")
        sources.append({"ref": ref.strip(), "date": dated.strip()})
    return sources


_WRITERS: Mapping[str, Callable[[Any], str]] = {
    "open": _write_open,
    "covers": _write_covers,
    "sources": _write_sources,
}
_READERS: Mapping[str, Callable[[str], Any]] = {
    "open": _read_open,
    "covers": _read_covers,
    "sources": _read_sources,
}
