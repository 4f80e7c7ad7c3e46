"""Counting: numbers only, each conversation once, and nothing changes once it has been published."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import Any

import pytest
from sqlalchemy import inspect, text

from bot.errors import StorageUnavailable
from bot.statistics.counts import Counts, is_closed, month_of, newest_closed
from bot.statistics.publication import Publisher
from bot.statistics.scheme import Measure, wait_id, wait_ids
from bot.statistics.suppression import LEAST, Mark
from bot.storage.database import Database
from bot.storage.statistics import Cell, CountStore

OCTOBER = datetime(2026, 10, 14, 19, 30, tzinfo=timezone.utc)
KNOWN: dict[str, str | None] = {"group": "utland", "urgency": "none", "age": None, "place": None}


class Clock:
    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
async def empty(database: Database, counted: CountStore) -> CountStore:
    async with database.write() as connection:
        for table in ("counts", "publications"):
            await connection.execute(text(f"DELETE FROM {table}"))
    return counted


@pytest.fixture
def clock() -> Clock:
    return Clock(OCTOBER)


@pytest.fixture
def counts(empty: CountStore, scheme: dict[str, Measure], clock: Clock) -> Counts:
    return Counts(empty, scheme, clock)


async def _one(counts: Counts, began: datetime = OCTOBER, **known: str | None) -> Mapping[str, str | None]:
    after = {**KNOWN, **known}
    await counts.turn("web", began, understood=True, before=None, after=after)
    return after


async def test_a_conversation_counts_once_and_moves_when_more_is_known(counts: Counts, empty: CountStore) -> None:
    first = await _one(counts)
    later = {**first, "urgency": "acute", "age": "under 18", "place": "PK"}
    await counts.turn("web", OCTOBER, understood=False, before=first, after=later)
    found = await empty.month("2026-10", "conversations")
    assert {cell: n for cell, n in found.items() if n} == {
        ("total", "total"): 1,
        ("channel", "web"): 1,
        ("hour", "21"): 1,
        ("group", "utland"): 1,
        ("urgency", "acute"): 1,
        ("age", "under 18"): 1,
        ("place", "PK"): 1,
    }
    assert await empty.month("2026-10", "messages") == {
        ("total", "total"): 2,
        ("understood", "yes"): 1,
        ("understood", "no"): 1,
    }


async def test_what_is_no_category_is_unknown(counts: Counts, empty: CountStore) -> None:
    await _one(counts, place="XX", group="ukjent")
    found = await empty.month("2026-10", "conversations")
    assert found["place", "unknown"] == found["group", "unknown"] == 1


async def test_staff_who_try_it_are_not_counted(counts: Counts, empty: CountStore) -> None:
    await counts.turn("staff", OCTOBER, understood=True, before=None, after=KNOWN)
    assert await empty.first_month() is None


async def test_cases_waits_and_endings(counts: Counts, empty: CountStore) -> None:
    await counts.case_opened("sms", "acute", "under 18", "SO")
    await counts.case_waited("answered", 59)
    await counts.case_waited("answered", 60)
    await counts.case_waited("missed", 900)
    await counts.case_closed("vold", "18+", "utsatt", "03", "henvist")
    assert (await empty.month("2026-10", "cases"))["place", "SO"] == 1
    handled = await empty.month("2026-10", "handling")
    assert handled["result", "answered"] == 2
    assert handled["result", "missed"] == handled["wait", "under_60"] == handled["wait", "under_300"] == 1
    assert (await empty.month("2026-10", "closings"))["concern", "vold"] == 1


def test_every_wait_has_a_name() -> None:
    assert {wait_id(seconds) for seconds in (0, 61, 500, 1000, 4000)} == set(wait_ids())


async def test_the_tables_hold_no_identifier_and_no_time(database: Database, counts: Counts) -> None:
    await _one(counts)
    async with database.read() as connection:
        columns = await connection.run_sync(lambda sync: [c["name"] for c in inspect(sync).get_columns("counts")])
    assert columns == ["month", "measure", "dimension", "category", "count"]


async def test_a_count_that_cannot_be_written_stops_nobody(scheme: dict[str, Measure], clock: Clock) -> None:
    class Broken(CountStore):
        async def add(self, changes: Mapping[Cell, int]) -> None:
            raise StorageUnavailable("gone")

    await _one(Counts(Broken(Database("sqlite+aiosqlite://")), scheme, clock))


@pytest.mark.parametrize(
    ("now", "closed"),
    [
        (datetime(2026, 11, 3, 22, 59, tzinfo=timezone.utc), False),
        (datetime(2026, 11, 3, 23, 1, tzinfo=timezone.utc), True),
        (datetime(2027, 1, 1, tzinfo=timezone.utc), True),
    ],
)
def test_a_month_closes_three_days_after_its_end(now: datetime, closed: bool) -> None:
    assert is_closed("2026-10", now) is closed
    assert (newest_closed(now) >= "2026-10") is closed


def test_a_month_is_norwegian() -> None:
    assert month_of(datetime(2026, 10, 31, 23, 30, tzinfo=timezone.utc)) == "2026-11"


async def _fill(store: CountStore, month: str, groups: Mapping[str, int]) -> None:
    total = sum(groups.values())
    whole = {("total", "total"): total, ("urgency", "none"): total, ("channel", "web"): total, ("age", "18+"): total}
    whole.update({("place", "03"): total, ("hour", "12"): total})
    whole.update({("group", name): number for name, number in groups.items()})
    await store.add({Cell(month, "conversations", *cell): number for cell, number in whole.items()})


async def test_what_is_published_never_changes(
    empty: CountStore, scheme: dict[str, Measure], counts: Counts, clock: Clock
) -> None:
    """Two publications with one conversation between them are alike: nothing can be read from the difference."""
    await _fill(empty, "2026-10", {"utland": 30, "tvang": 3, "vold": 12, "unknown": 20})
    assert await Publisher(empty, scheme).all(clock.now) == {}
    clock.now = datetime(2026, 11, 10, tzinfo=timezone.utc)
    before = (await Publisher(empty, scheme).all(clock.now))["2026-10"]["conversations"]
    assert before.figures["group", "tvang"] is Mark.SMALL
    assert before.figures["group", "unknown"] is Mark.COVERED
    await _one(counts, began=OCTOBER, group="tvang")
    await empty.add({Cell("2026-10", "conversations", "group", "utland"): 5})
    after = (await Publisher(empty, scheme).all(clock.now))["2026-10"]["conversations"]
    assert after == before
    assert (await empty.month("2026-10", "conversations"))["total", "total"] == 65


async def test_a_year_is_published_when_it_is_over_and_its_counts_are_removed(
    empty: CountStore, scheme: dict[str, Measure]
) -> None:
    for month in ("2026-10", "2026-11", "2026-12"):
        await _fill(empty, month, {"utland": 30, "tvang": 9, "vold": 12, "unknown": 20})
    publisher = Publisher(empty, scheme)
    december = await publisher.all(datetime(2026, 12, 20, tzinfo=timezone.utc))
    assert list(december) == ["2026-11", "2026-10"]
    january = await publisher.all(datetime(2027, 1, 5, tzinfo=timezone.utc))
    assert "2026" in january
    year = january["2026"]["conversations"]
    assert (year.total, year.months, year.figures["group", "tvang"]) == (213, 3, 27)
    assert await empty.month("2026-12", "conversations") == {}
    assert await empty.first_month() == "2026-10"
    assert await Publisher(empty, scheme).all(datetime(2027, 1, 6, tzinfo=timezone.utc)) == january


async def test_a_month_without_anything_says_few(empty: CountStore, scheme: dict[str, Measure]) -> None:
    await _fill(empty, "2026-08", {"utland": 3})
    found = await Publisher(empty, scheme).all(datetime(2026, 10, 10, tzinfo=timezone.utc))
    assert {period: measures["conversations"].total for period, measures in found.items()} == {
        "2026-09": Mark.SMALL,
        "2026-08": Mark.SMALL,
    }
    assert all(not measures["conversations"].figures for measures in found.values())


async def test_counts_that_were_lost_make_no_table_that_does_not_add_up(
    empty: CountStore, scheme: dict[str, Measure], clock: Clock
) -> None:
    await empty.add({Cell("2026-10", "conversations", "total", "total"): 40})
    await empty.add(
        {
            Cell("2026-10", "conversations", "group", "utland"): 30,
            Cell("2026-10", "conversations", "group", "vold"): -2,
        }
    )
    clock.now = datetime(2026, 11, 10, tzinfo=timezone.utc)
    found = (await Publisher(empty, scheme).all(clock.now))["2026-10"]["conversations"]
    assert found.total == 40
    assert found.figures["group", "vold"] is Mark.SMALL
    assert found.figures["group", "unknown"] is Mark.COVERED


async def test_nothing_small_is_kept_in_what_is_published(
    empty: CountStore, database: Database, scheme: dict[str, Measure]
) -> None:
    await _fill(empty, "2026-10", {"utland": 30, "tvang": 3, "vold": 5, "unknown": 20})
    await Publisher(empty, scheme).all(datetime(2026, 11, 10, tzinfo=timezone.utc))
    assert all(number >= LEAST for body in (await empty.published()).values() for number in _numbers(body))


def _numbers(body: Any) -> list[int]:
    if isinstance(body, dict):
        return [number for value in body.values() for number in _numbers(value)]
    return [body] if isinstance(body, int) else []


async def test_the_schema_is_the_one_of_the_tables(database: Database) -> None:
    from bot.storage.tables import Base

    def columns(sync: Any) -> Callable[..., Any]:
        return {name: {c["name"] for c in inspect(sync).get_columns(name)} for name in ("counts", "publications")}

    async with database.read() as connection:
        found = await connection.run_sync(columns)
    assert found == {name: set(Base.metadata.tables[name].columns.keys()) for name in found}


async def test_adding_from_two_sides_loses_nothing(empty: CountStore) -> None:
    import asyncio

    cell = Cell("2026-10", "cases", "total", "total")
    await asyncio.gather(*(empty.add({cell: 1}) for _ in range(30)))
    assert (await empty.month("2026-10", "cases"))["total", "total"] == 30
