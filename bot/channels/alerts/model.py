"""What an alert says, and who gets it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_URGENT = ("acute", "urgent")


@dataclass(frozen=True)
class Receiver:
    """Somebody who gets alerts. ``team``: only those of this team; empty for all."""

    address: str
    team: str = ""

    def wants(self, team: str) -> bool:
        return self.team in ("", team)


def receivers(entries: Sequence[str]) -> list[Receiver]:
    """Receivers as the settings write them: ``address``, or ``team=address``."""
    found = []
    for entry in entries:
        team, given, address = entry.partition("=")
        found.append(Receiver(address, team) if given else Receiver(entry))
    return found


@dataclass(frozen=True)
class Alert:
    """One alert to one receiver. ``key`` is the same however often it is sent."""

    key: str
    case: str
    team: str
    urgent: bool
    again: bool
    link: str

    @property
    def subject(self) -> str:
        """The one sentence that it says."""
        case = "hastesak" if self.urgent else "sak"
        return f"En {case} venter fortsatt" if self.again else f"Ny {case} venter"

    @property
    def text(self) -> str:
        """The sentence and the way to the console."""
        return f"{self.subject}. {self.link}"


def is_urgent(urgency: str) -> bool:
    """Whether a case of this urgency is called «hastesak»."""
    return urgency in _URGENT
