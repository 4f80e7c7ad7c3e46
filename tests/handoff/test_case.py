from __future__ import annotations

from datetime import datetime, timedelta, timezone
from itertools import product

import pytest

from bot.errors import IllegalMove
from bot.handoff.case import Case, State, advance, rank, worst

LEGAL = {
    ("offered", "waiting"),
    ("offered", "callback"),
    ("offered", "closed"),
    ("waiting", "active"),
    ("waiting", "missed"),
    ("waiting", "callback"),
    ("waiting", "closed"),
    ("active", "closed"),
    ("active", "waiting"),
    ("missed", "waiting"),
    ("missed", "callback"),
    ("missed", "closed"),
    ("missed", "active"),
    ("callback", "active"),
    ("callback", "closed"),
}
NOW = datetime(2026, 3, 3, tzinfo=timezone.utc)


@pytest.mark.parametrize(("before", "after"), list(product(State, State)), ids=lambda state: state.value)
def test_every_move_is_legal_or_raises(before: State, after: State) -> None:
    if (before.value, after.value) in LEGAL:
        assert advance(before, after) is after
    else:
        with pytest.raises(IllegalMove):
            advance(before, after)


def _case(name: str, urgency: str, minutes: int) -> Case:
    since = NOW + timedelta(minutes=minutes)
    return Case(name, "c", "web", State.WAITING, "t", urgency, opened_at=NOW, waiting_since=since)


def test_the_queue_puts_acute_first_then_urgency_then_waiting_time() -> None:
    given = [
        _case("concern early", "concern", 0),
        _case("none earliest", "none", -30),
        _case("urgent late", "urgent", 9),
        _case("acute last", "acute", 20),
        _case("urgent early", "urgent", 1),
        _case("acute first", "acute", 10),
    ]
    expected = ["acute first", "acute last", "urgent early", "urgent late", "concern early", "none earliest"]
    assert [case.id for case in sorted(given, key=rank)] == expected


def test_urgency_never_falls() -> None:
    assert worst("acute", "none") == "acute"
    assert worst("none", "concern") == "concern"
    assert worst() == "none"
