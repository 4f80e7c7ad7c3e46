"""Who is on duty: teams, their hours with Norwegian holidays, and to whom a case goes that a team does not take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from bot.directory.hours import Hours, parse, status
from bot.errors import KnowledgeError

_FIELDS = {"id", "name", "hours", "next", "take_within_minutes", "missed_after_minutes", "messages"}


@dataclass(frozen=True)
class Team:
    """Those who take cases together."""

    id: str
    name: str
    hours: Hours | None = None
    """When they answer. None: whenever somebody of them is present, and nothing is said of when that will be."""
    next: str | None = None
    """The team that a case goes to when this one does not take it."""
    take_within: timedelta = timedelta(minutes=5)
    """How long a case waits here before it goes to the next team, or is alerted again."""
    missed_after: timedelta = timedelta(minutes=45)
    """How long anybody waits in all before they are told that nobody will take it."""
    messages: bool = True
    """Whether a message can be left when nobody is on duty."""


class Duty:
    """The teams of this installation, in the order of the file: the first gets every new case."""

    def __init__(self, teams: Mapping[str, Team]) -> None:
        self.teams = dict(teams)

    @property
    def first(self) -> Team:
        return next(iter(self.teams.values()))

    def team(self, identifier: str) -> Team:
        """The team; the first where it is no longer in the file."""
        return self.teams.get(identifier, self.first)

    def on_duty(self, team: str, now: datetime) -> bool:
        """The team's hours do not rule it out that somebody answers at ``now``. Who is present is another matter."""
        hours = self.team(team).hours
        return hours is None or status(hours, now).open is not False

    def opens(self, team: str, now: datetime) -> datetime | None:
        """When the team's hours begin next; None when they have begun, or the file does not say."""
        hours = self.team(team).hours
        return None if hours is None else status(hours, now).opens

    def chain(self, team: str) -> Iterator[Team]:
        """The team, and those to whom a case goes on from it, each once."""
        seen: set[str] = set()
        current: str | None = self.team(team).id
        while current is not None and current in self.teams and current not in seen:
            seen.add(current)
            yield self.teams[current]
            current = self.teams[current].next


def read_duty(path: Path) -> Duty:
    """The teams in ``path``. Raises KnowledgeError with every error found in it."""
    duty, found = _read(path)
    if duty is None or found:
        raise KnowledgeError([f"{path}:1: {text}" for text in found])
    return duty


def findings(path: Path) -> list[str]:
    """What is wrong in ``path``, a plain sentence each."""
    return _read(path)[1]


def _read(path: Path) -> tuple[Duty | None, list[str]]:
    try:
        content = yaml.safe_load(path.read_text("utf-8"))
    except OSError:
        return None, ["fila mangler"]
    except yaml.YAMLError as error:
        return None, [f"fila kan ikke leses: {error}"]
    entries = content.get("teams") if isinstance(content, Mapping) else None
    if not isinstance(entries, list) or not entries:
        return None, ["«teams» må ha minst ett lag"]
    teams: dict[str, Team] = {}
    found: list[str] = []
    for entry in entries:
        try:
            team = _team(entry)
        except (ValueError, KeyError, TypeError) as error:
            found.append(str(error))
            continue
        if team.id in teams:
            found.append(f"laget «{team.id}» står to ganger")
        teams[team.id] = team
    found += [f"{t.id}: laget «{t.next}» finnes ikke" for t in teams.values() if t.next and t.next not in teams]
    return (Duty(teams) if teams else None), found


def _team(entry: Any) -> Team:
    if not isinstance(entry, Mapping) or not {"id", "name"} <= set(entry):
        raise ValueError("hvert lag må ha id og name")
    identifier = str(entry["id"])
    unknown = set(entry) - _FIELDS
    if unknown:
        raise ValueError(f"{identifier}: «{sorted(unknown)[0]}» er ikke et felt")
    try:
        hours = parse(entry["hours"]) if entry.get("hours") else None
    except ValueError as error:
        raise ValueError(f"{identifier}: {error}") from error
    minutes = {}
    for name in ("take_within_minutes", "missed_after_minutes"):
        if name in entry:
            value = entry[name]
            if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 < value <= 24 * 60:
                raise ValueError(f"{identifier}: «{name}» må være minutter, fra 1 til 1440")
            minutes[name.removesuffix("_minutes")] = timedelta(minutes=value)
    messages = entry.get("messages", True)
    if not isinstance(messages, bool):
        raise ValueError(f"{identifier}: «messages» må være true eller false")
    return Team(identifier, str(entry["name"]), hours, entry.get("next"), messages=messages, **minutes)
