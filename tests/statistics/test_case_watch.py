"""Cases are counted as they move: once when they come, once for the first wait, once when they end."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from bot.handoff.case import Carried, Case, Closing, State
from bot.handoff.cases import DELETED, ENDED
from bot.handoff.news import Watcher
from bot.statistics.case_watch import CaseCounts
from bot.statistics.counts import Counts
from bot.statistics.scheme import OUTCOMES, Measure
from bot.storage.statistics import Cell, CountStore

START = datetime(2026, 10, 14, 19, 30, tzinfo=timezone.utc)
CASE = Case(
    id="x", conversation="y", channel="web", state=State.OFFERED, team="vakt", urgency="acute", opened_at=START,
    carried=Carried("acute", age="under 18", country="PK"),
)  # fmt: skip


class Memory(CountStore):
    """Counts in a dictionary."""

    def __init__(self) -> None:
        self.cells: dict[Cell, int] = {}

    async def add(self, changes: Any) -> None:
        for cell, change in changes.items():
            self.cells[cell] = self.cells.get(cell, 0) + change

    def of(self, measure: str) -> dict[tuple[str, str], int]:
        return {(cell.dimension, cell.category): n for cell, n in self.cells.items() if cell.measure == measure}


@dataclass
class Desk:
    watcher: Watcher
    store: Memory
    case: Case = CASE

    async def to(self, state: State, **changes: Any) -> None:
        before, self.case = self.case.state, replace(self.case, state=state, **changes)
        await self.watcher.moved(self.case, before)


@pytest.fixture
def desk(scheme: dict[str, Measure]) -> Desk:
    store = Memory()
    return Desk(CaseCounts(Counts(store, scheme, lambda: START)), store)


async def _waiting(desk: Desk) -> None:
    await desk.to(State.WAITING, waiting_since=START, queued_at=START)


async def test_from_offer_to_end(desk: Desk) -> None:
    await _waiting(desk)
    await desk.to(State.ACTIVE, taken_at=START + timedelta(minutes=4), taken_by="kari")
    await desk.to(State.CLOSED, closing=Closing("vold", "18+", "utsatt", "03", "henvist"))
    opened = desk.store.of("cases")
    assert opened["total", "total"] == opened["place", "PK"] == opened["age", "under 18"] == opened["hour", "21"] == 1
    assert desk.store.of("handling") == {("total", "total"): 1, ("result", "answered"): 1, ("wait", "under_300"): 1}
    assert desk.store.of("closings")["outcome", "henvist"] == 1


async def test_an_offer_that_is_not_taken_is_no_case(desk: Desk) -> None:
    await desk.to(State.CLOSED)
    assert desk.store.cells == {}


async def test_a_case_that_comes_back_is_not_counted_twice(desk: Desk) -> None:
    await _waiting(desk)
    await desk.to(State.ACTIVE, taken_at=START)
    await desk.to(State.WAITING, queued_at=START + timedelta(minutes=9), taken_at=None)
    await desk.to(State.ACTIVE, taken_at=START + timedelta(minutes=20))
    assert desk.store.of("handling")["total", "total"] == desk.store.of("cases")["total", "total"] == 1


@pytest.mark.parametrize(
    ("state", "result"), [(State.MISSED, "missed"), (State.CALLBACK, "callback"), (State.CLOSED, "left")]
)
async def test_a_wait_without_an_answer(desk: Desk, state: State, result: str) -> None:
    await _waiting(desk)
    await desk.to(state)
    assert desk.store.of("handling") == {("total", "total"): 1, ("result", result): 1}
    assert desk.store.of("closings") == {}


def test_the_endings_that_the_cases_give_themselves_have_a_name() -> None:
    assert {DELETED, ENDED} <= set(OUTCOMES)
