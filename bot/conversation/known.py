"""What is known of a conversation, in the few words that may be counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from bot.conversation.memory import OTHER, SELF, Memory
from bot.language.places import place as places_called

_AGES = {"minor": "under 18", "adult": "18+"}


class Observer(Protocol):
    """Somebody who is told of every message, without its text. ``understood`` is None for one that went to a human."""

    async def turn(
        self,
        channel: str,
        began: datetime,
        *,
        understood: bool | None,
        before: Mapping[str, str | None] | None,
        after: Mapping[str, str | None],
    ) -> None: ...


def known(slots: Mapping[str, Any]) -> dict[str, str | None]:
    """From the slots: ``group`` of the topic answered last, ``urgency``, ``age`` (under 18 or 18+) and ``place``."""
    memory = Memory.of(slots)
    topics = [topic for topic in memory.told if not topic.startswith("bot.")]
    return {
        "group": topics[-1].partition(".")[0] if topics else None,
        "urgency": slots.get("urgency") or "none",
        "age": age_of(memory),
        "place": place_of(memory),
    }


def age_of(memory: Memory) -> str | None:
    """The age group of the person it is about: ``under 18``, ``18+`` or not known."""
    years = memory.ages.get(OTHER if memory.about else SELF)
    if years is not None:
        return _AGES["minor" if years < 18 else "adult"]
    return _AGES.get(memory.facts.get("their_age" if memory.about else "age") or "")


def place_of(memory: Memory) -> str | None:
    """Where it is: the country when they are abroad, else the county (two digits), else the country that was named."""
    country = memory.countries[-1] if memory.countries else None
    if country and memory.facts.get("abroad") == "yes":
        return country
    counties = {county for spot in places_called(memory.place or "") for county in spot.counties}
    return counties.pop() if len(counties) == 1 else country


def last_slot(turns: Sequence[Sequence[Mapping[str, Any]]], name: str) -> Any:
    """What a slot was last set to in the events of some turns; None where it was not."""
    events = (event for turn in reversed(turns) for event in reversed(turn))
    return next((e.get("value") for e in events if e["event"] == "slot" and e.get("name") == name), None)
