"""The look-up: everything in one search, with source and date, fast enough to follow the fingers."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.bootstrap import House, library
from bot.directory.hours import OSLO
from bot.gateway.limits import Limiter
from bot.gateway.look_up import Asked, LookUp
from bot.gateway.server import build
from bot.language import gsm7
from tests.conftest import ROOT
from tests.gateway.desk import Colleague, log_in

NOW = datetime(2026, 11, 28, 3, 0, tzinfo=OSLO)


@pytest.fixture(scope="module")
def look_up() -> LookUp:
    return LookUp(library())


@pytest.fixture(scope="module")
async def kari(house: House) -> AsyncIterator[Colleague]:
    app = build(house, Limiter(burst=100_000, per_minute=100_000))
    async with TestClient(TestServer(app)) as client:
        colleague = await log_in(client, house, "kari.slaar.opp", "helpline")
        yield colleague
        await colleague.client.session.close()


def _kinds(found: dict[str, Any]) -> set[str]:
    return {result["kind"] for result in found["results"]}


@pytest.mark.parametrize(
    ("text", "kind", "identifier"),
    [
        ("alarmtelefonen", "contact", "alarmtelefonen"),
        ("krisesenter", "article", "hjelp.krisesenter"),
        ("avvergingsplikt", "article", "rett.avvergingsplikt"),
        ("menneskehandel straff", "law", "strl_258"),
        ("pakistan", "country", "PK"),
        ("hovedbekymring", "statistics", "hovedbekymring_kompetanseteamet"),
        # While it is being typed.
        ("alarmt", "contact", "alarmtelefonen"),
        ("pakis", "country", "PK"),
    ],
)
def test_each_kind_is_found(look_up: LookUp, text: str, kind: str, identifier: str) -> None:
    found = look_up.find(Asked(text), NOW)
    assert (kind, identifier) in {(result["kind"], result["id"]) for result in found["results"]}


def test_every_result_has_source_date_and_a_text_message(look_up: LookUp) -> None:
    for text in ("krisesenter i bergen", "tvangsekteskap", "somalia", "hovedbekymring 2024", "strl 253"):
        for result in look_up.find(Asked(text), NOW)["results"]:
            if result["kind"] != "country":
                assert result["sources"], result["id"]
                assert all(source["title"] and source["date"] for source in result["sources"]), result["id"]
            assert result["sms"]["parts"] == gsm7.parts(result["sms"]["text"])
            assert result["text"]
            assert "{" not in result["text"] + result["sms"]["text"], result["id"]


def test_the_number_in_a_contact_is_the_directorys(look_up: LookUp) -> None:
    result = next(r for r in look_up.find(Asked("alarmtelefonen"), NOW)["results"] if r["id"] == "alarmtelefonen")
    contact = look_up.library.directory.get("alarmtelefonen")
    assert contact is not None
    assert contact.phone
    assert contact.phone in result["text"]
    assert contact.phone in result["sms"]["text"]


def test_filters_narrow(look_up: LookUp) -> None:
    night = look_up.find(Asked("hjelpetelefon", open_now=True), NOW)["results"]
    contacts = [result for result in night if result["kind"] == "contact"]
    assert contacts
    assert contacts[0]["open_now"] is True
    bergen = look_up.find(Asked(place="Bergen"), NOW)["results"]
    assert any("Bergen" in line for result in bergen for line in result["lines"])
    abroad = look_up.find(Asked(place="Pakistan", age=15), NOW)["results"]
    assert {"udops", "alarmtelefonen"} <= {result["id"] for result in abroad}
    assert _kinds(look_up.find(Asked(language="somali"), NOW)) == {"contact"}


def test_nothing_asked_gives_nothing(look_up: LookUp) -> None:
    assert look_up.find(Asked(), NOW) == {"results": [], "notes": [], "question": ""}


def test_as_you_type_it_takes_less_than_100_ms(look_up: LookUp) -> None:
    """Every prefix of many questions. The bound holds on a busy machine; the figure itself is in docs/statistics.md."""
    questions = [json.loads(line)["q"] for line in (ROOT / "tests/data/lookup_questions.jsonl").open(encoding="utf-8")]
    seconds = []
    for question in questions[::6]:
        for end in range(3, len(question) + 1, 3):
            started = time.process_time()
            look_up.find(Asked(question[:end]), NOW)
            seconds.append(time.process_time() - started)
    assert sorted(seconds)[int(0.95 * len(seconds))] < 0.1


async def test_over_http(kari: Colleague) -> None:
    page = await kari.get("oppslag")
    assert page.status == 200
    assert "lookup_page.js" in await page.text()
    response = await kari.post(
        "oppslag/treff", {"text": "krisesenter", "age": 17, "place": "Bergen", "open_now": False}
    )
    body = await response.json()
    assert response.status == 200
    assert {"contact", "article", "law"} <= _kinds(body)


@pytest.mark.parametrize(
    "body",
    [{"text": 3}, {"text": "x" * 201}, {"age": "15"}, {"age": 500}, {"age": True}, {"age": 15.5}, {"place": ["x"]}],
)
async def test_what_cannot_be_read_is_refused(kari: Colleague, body: dict[str, Any]) -> None:
    response = await kari.post("oppslag/treff", body)
    assert response.status == 400
    assert (await response.json())["error"]["code"] == "invalid_request"
