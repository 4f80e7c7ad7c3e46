"""The statistics page and its CSV: the same figures for those who may see them, and nothing to work out from them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import text

from bot.bootstrap import House
from bot.gateway.limits import Limiter
from bot.gateway.server import build
from bot.statistics.publication import Publisher
from bot.statistics.showing import HEADINGS, in_steps
from bot.statistics.suppression import Mark, Sum
from bot.storage.statistics import Cell, CountStore
from tests.gateway.desk import Colleague, log_in
from tests.statistics.test_suppression import assert_hidden

MONTHS = ("2024-11", "2024-12")
GROUPS = {"utland": 41, "tvang": 5, "kontroll": 33, "vold": 12, "hjelp": 9, "unknown": 18}
URGENCIES = {"none": 60, "concern": 30, "urgent": 22, "acute": 6}


def _counts(month: str) -> dict[Cell, int]:
    total = sum(GROUPS.values())
    cells = {("total", "total"): total, ("channel", "web"): total - 3, ("channel", "sms"): 3}
    cells.update({("age", "under 18"): 70, ("age", "18+"): total - 70, ("hour", "22"): total})
    cells.update({("place", "PK"): 20, ("place", "03"): 90, ("place", "SO"): total - 110})
    cells.update({("group", name): number for name, number in GROUPS.items()})
    cells.update({("urgency", name): number for name, number in URGENCIES.items()})
    return {Cell(month, "conversations", *cell): number for cell, number in cells.items()}


@pytest.fixture(scope="module")
async def figures(house: House) -> AsyncIterator[Any]:
    """The application with two months of 2024 counted; what it published is removed afterwards."""
    store = CountStore(house.database)

    async def clear() -> None:
        async with house.database.write() as connection:
            for table in ("counts", "publications"):
                await connection.execute(text(f"DELETE FROM {table}"))

    await clear()
    for month in MONTHS:
        await store.add(_counts(month))
    fresh = replace(house, publisher=Publisher(store, house.publisher.measures))
    app = build(fresh, Limiter(burst=100_000, per_minute=100_000))
    async with TestClient(TestServer(app)) as opened:
        yield opened
    await clear()


@pytest.fixture(scope="module")
async def leader(figures: Any, house: House) -> AsyncIterator[Colleague]:
    colleague = await log_in(figures, house, "lise.ser", "leader")
    yield colleague
    await colleague.client.session.close()


PAGES = {
    "statistikk": {"leader", "editor", "admin"},
    "statistikk.csv?periode=2024-11": {"leader", "editor", "admin"},
    "gjennomgang": {"editor", "admin"},
    "oppslag": {"helpline", "leader", "editor", "admin"},
}


@pytest.mark.parametrize("role", ["helpline", "leader", "editor", "admin"])
async def test_a_page_is_for_its_roles(figures: Any, house: House, role: str) -> None:
    colleague = await log_in(figures, house, f"ser.{role}", role)
    for path, allowed in PAGES.items():
        assert (await colleague.get(path)).status == (200 if role in allowed else 403), path
    await colleague.client.session.close()


async def _csv(leader: Colleague, period: str) -> list[dict[str, str]]:
    response = await leader.get(f"statistikk.csv?periode={period}")
    assert response.status == 200
    assert response.content_type == "text/csv"
    body = (await response.read()).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(body), delimiter=";"))


async def test_a_small_count_and_what_gives_it_away_are_hidden(leader: Colleague) -> None:
    rows = [row for row in await _csv(leader, "2024-11") if row["Delt etter"] == "Tema" and "Samtaler" in row["Hva"]]
    told = {row["Kategori"]: row["Antall"] for row in rows}
    assert told["Tvangsekteskap"] == "under 7"
    assert told["Ukjent"] == "skjult"
    assert told["Ufrivillig opphold i utlandet"] in ("41", "skjult")


async def test_the_page_shows_what_the_csv_has(leader: Colleague) -> None:
    rows = await _csv(leader, "2024-12")
    page = await (await leader.get("statistikk?periode=2024-12")).text()
    assert tuple(rows[0]) == HEADINGS
    for row in rows:
        if row["Delt etter"] == "Hvor mye det haster" and "Samtaler" in row["Hva"]:
            assert re.search(rf'<th scope="row">{row["Kategori"]}</th><td class="number">{row["Antall"]}</td>', page)
    assert "desember 2024" in page
    assert 'role="img"' in page
    assert "<script>" not in page
    assert " style=" not in page


async def test_nobody_works_out_a_hidden_count_from_all_pages_and_files(leader: Colleague, house: House) -> None:
    """Every period as CSV, every page, the year's sums: all that was published goes into one system of equations."""
    measure = house.publisher.measures["conversations"]
    shown: dict[Any, Any] = {}
    truth: dict[Any, int] = {}
    sums = []
    for period in (*MONTHS, "2024"):
        for row in await _csv(leader, period):
            if row["Hva"] != measure.name:
                continue
            if row["Delt etter"] == "Alle":
                cell = ("total", "total")
            else:
                dimension = next(d for d in measure.dimensions if d.name == row["Delt etter"])
                cell = (dimension.id, next(c for c, name in dimension.categories.items() if name == row["Kategori"]))
            marks = {"under 7": Mark.SMALL, "skjult": Mark.WITHHELD}
            shown[(period, *cell)] = marks.get(row["Antall"]) or int(row["Antall"])
            months = MONTHS if period == "2024" else (period,)
            truth[(period, *cell)] = sum(_counts(m).get(Cell(m, "conversations", *cell), 0) for m in months)
        for dimension in measure.dimensions:
            if dimension.id != "place":
                parts = tuple((period, dimension.id, category) for category in dimension.categories)
                sums.append(Sum((period, "total", "total"), parts))
    shown = {cell: figure for cell, figure in shown.items() if cell[1] != "place"}
    sums += [Sum(("2024", *cell[1:]), tuple((m, *cell[1:]) for m in MONTHS)) for cell in shown if cell[0] == "2024"]
    assert shown[("2024", "total", "total")] == 236
    assert_hidden(shown, sums, truth)


async def test_the_running_month_is_not_shown(leader: Colleague) -> None:
    now = datetime.now(timezone.utc)
    page = await (await leader.get("statistikk")).text()
    assert f'value="{now:%Y-%m}"' not in page
    assert (await leader.get(f"statistikk?periode={now:%Y-%m}")).status == 404


@pytest.mark.parametrize("period", ["2024-13", "../x", "<b>", "2023"])
async def test_a_period_that_is_not_published_is_not_there(leader: Colleague, period: str) -> None:
    for path in ("statistikk", "statistikk.csv"):
        response = await leader.client.get(f"/konsoll/{path}", params={"periode": period})
        assert response.status == 404


@pytest.mark.parametrize(("count", "told"), [(0, "under 7"), (6, "under 7"), (7, "7–13"), (13, "7–13"), (14, "14–20")])
def test_counts_that_change_are_told_in_steps(count: int, told: str) -> None:
    assert in_steps(count) == told


async def test_editors_see_what_is_due_and_what_was_not_understood(figures: Any, house: House) -> None:
    for _ in range(8):
        await house.feedback.count("utland.pass_tatt", helpful=False)
    editor = await log_in(figures, house, "eva.ser", "editor")
    page = await (await editor.get("gjennomgang")).text()
    title = next(article.title for article in house.library.knowledge.answers() if article.topic == "utland.pass_tatt")
    assert re.search(rf'<th scope="row">{re.escape(title)}</th><td>(under 7|\d+–\d+)</td><td>\d+–\d+</td>', page)
    due = [c for c in house.library.directory.everything.values() if c.state == "held_back"]
    assert due
    assert all(contact.spoken_name.replace("&", "&amp;") in page for contact in due[:3])
    await editor.client.session.close()


async def test_a_conversation_is_counted_without_a_trace_of_it(figures: Any, house: House) -> None:
    store = CountStore(house.database)
    month = f"{datetime.now(timezone.utc):%Y-%m}"
    before = await store.month(month, "conversations")
    started = await (await figures.post("/api/v1/conversations")).json()
    path, headers = f"/api/v1/conversations/{started['id']}/messages", {"Authorization": f"Bearer {started['token']}"}
    for words in ("jeg er 15 og bor i bergen", "de har tatt passet mitt, jeg er i pakistan og blir slått nå"):
        assert (await figures.post(path, json={"text": words}, headers=headers)).status == 200
    after = await store.month(month, "conversations")
    moved = {cell: after[cell] - before.get(cell, 0) for cell in after if after[cell] != before.get(cell, 0)}
    assert moved[("total", "total")] == moved[("channel", "web")] == moved[("age", "under 18")] == 1
    assert moved[("place", "PK")] == 1
    assert sum(change for (dimension, _), change in moved.items() if dimension == "urgency") == 1
    assert {category for dimension, category in moved if dimension == "urgency"} <= {"urgent", "acute"}
