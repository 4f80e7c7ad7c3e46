"""What an account may do, and what the rest of the house knows of the one who works."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

ROLES = {
    "helpline": "hjelpelinje",
    "leader": "vaktleder",
    "editor": "redaktør",
    "admin": "administrator",
}
"""Each role and its name in Norwegian. An account may have several."""

TAKES_CASES = ("helpline", "leader")
"""The roles of those who have conversations."""


class Stage(str, Enum):
    """How far a session has come."""

    CODE = "code"
    """The password is given; a one-time code is missing."""
    ENROL = "enrol"
    """The password is given; the one-time code has to be set up."""
    OPEN = "open"


@dataclass(frozen=True)
class Worker:
    """Somebody who is logged in. ``shown`` is the name that those who write see."""

    id: str
    name: str
    shown: str
    roles: frozenset[str]
    teams: tuple[str, ...]
    """The teams they answer for; empty is all of them."""

    def may(self, *roles: str) -> bool:
        """Has one of the roles; with none named, any role at all."""
        return bool(self.roles & set(roles)) if roles else bool(self.roles)

    def serves(self, team: str) -> bool:
        return not self.teams or team in self.teams


@dataclass(frozen=True)
class Session:
    """A session that goes on. It ends at ``ends_at`` unless something is done before, and at ``over_at`` anyhow."""

    worker: Worker
    stage: Stage
    first_time: bool
    """The password has to be replaced at enrolment."""
    ends_at: datetime
    over_at: datetime


@dataclass(frozen=True)
class Limits:
    """When sessions end, and how long the log is kept."""

    idle: timedelta = timedelta(minutes=60)
    absolute: timedelta = timedelta(hours=12)
    log: timedelta = timedelta(days=365)
    half_way: timedelta = timedelta(minutes=10)
    """How long a session may wait for its code."""
