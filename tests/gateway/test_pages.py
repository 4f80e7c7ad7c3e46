"""The pages without script: complete, neutral, and nothing of the visitor in an address or a cache."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.bootstrap import House
from bot.gateway.blocks import blocks
from bot.gateway.limits import Limiter
from bot.gateway.pages import WIDGET
from bot.gateway.server import build
from tests.gateway.conftest import Started

PAGES = ("/", "/ramme", "/emner", "/trygghet", "/tilgjengelighet")
NUMBERS = ("112", "113", "116 111", "+47 23 95 00 00")


def _policy(response: Any) -> dict[str, str]:
    parts = [part.strip().partition(" ") for part in response.headers["Content-Security-Policy"].split(";")]
    return {name: value for name, _, value in parts}


@pytest.mark.parametrize("path", PAGES)
async def test_every_page_has_the_exit_first_and_the_numbers(client: Any, path: str) -> None:
    response = await client.get(path)
    text = await response.text()
    body = text.partition("<body")[2]
    assert body.index("<a ") < body.index('id="exit"') < min(body.index("<button"), body.index("<header>"))
    assert all(number in text for number in NUMBERS)
    assert "<title>Spørsmål og svar</title>" in text
    assert 'rel="icon" href="data:,"' in text
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", PAGES)
async def test_no_page_has_script_in_it_or_style_that_the_policy_does_not_name(client: Any, path: str) -> None:
    response = await client.get(path)
    text, policy = await response.text(), _policy(response)
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert re.fullmatch(r"'sha256-[A-Za-z0-9+/=]+'", policy["style-src"])
    assert policy["require-trusted-types-for"] == "'script'"
    assert not re.search(r'\son[a-z]+="|\sstyle="|javascript:', text)
    scripts = re.findall(r"<script([^>]*)>", text)
    assert all('src="/widget/' in attributes or "application/json" in attributes for attributes in scripts)


async def test_the_plain_form_answers_one_question_and_keeps_nothing(client: Any, house: House) -> None:
    before = len(await _conversations(house))
    response = await client.post("/svar", data={"text": "jeg er i pakistan og de har tatt passet mitt"})
    text = await response.text()
    assert response.status == 200
    assert "Du kan be om hjelp selv om noen har tatt passet ditt" in text
    assert "pakistan og de" not in text
    assert response.headers["Cache-Control"] == "no-store"
    assert len(await _conversations(house)) == before
    assert str(response.url).endswith("/svar")


async def _conversations(house: House) -> list[Any]:
    from sqlalchemy import text

    async with house.database.read() as connection:
        return list((await connection.execute(text("SELECT id FROM conversations"))).all())


@pytest.mark.parametrize(
    ("text", "status", "word"),
    [("", 422, "Meldingen er tom"), ("a" * 5000, 413, "for lang"), ("<b>x" + "y" * 2000, 413, "&lt;b&gt;x")],
)
async def test_the_plain_form_keeps_what_was_typed_when_it_cannot_answer(client: Any, text: str, status: int, word: str) -> None:  # fmt: skip
    response = await client.post("/svar", data={"text": text})
    page = await response.text()
    assert response.status == status
    assert word in page
    assert all(number in page for number in NUMBERS)
    assert text.replace("<", "&lt;").replace(">", "&gt;") in page


async def test_the_plain_form_is_limited_too(house: House) -> None:
    async with TestClient(TestServer(build(house, Limiter(burst=1, per_minute=1)))) as client:
        assert (await client.post("/svar", data={"text": "hei"})).status == 200
        refused = await client.post("/svar", data={"text": "hva er et krisesenter"})
        assert refused.status == 429
        assert "hva er et krisesenter" in await refused.text()


async def test_an_answer_s_address_leads_to_the_start(client: Any) -> None:
    response = await client.get("/svar", allow_redirects=False)
    assert (response.status, response.headers["Location"]) == (303, "/")


async def test_every_article_is_offered_and_shown_without_its_name_in_the_address(client: Any, house: House) -> None:
    listed = await (await client.get("/emner")).text()
    topics = re.findall(r'name="emne" value="([a-z_.]+)"', listed)
    assert len(topics) == len(set(topics)) == sum(1 for _ in house.library.knowledge.answers())
    assert not re.search(r'(href|action)="[^"]*\.', listed.replace(house.settings.exit_url, ""))
    for topic in ("utland.pass_tatt", "fag.samtale", topics[0]):
        shown = await client.post("/emner", data={"emne": topic})
        text = await shown.text()
        assert shown.status == 200
        assert str(shown.url).endswith("/emner")
        assert house.library.answers.article(topic).title in text
        assert "{" not in text.split("<main>")[1].split("</main>")[0]
    assert (await client.post("/emner", data={"emne": "finnes.ikke"})).status == 404


@pytest.mark.parametrize(
    ("query", "header", "language"),
    [("", "", "nb"), ("", "nn-NO,nn;q=0.9", "nn"), ("", "de,en;q=0.5", "en"), ("", "no", "nb"), ("?sprak=en", "nn", "en"), ("?sprak=xx", "", "nb")],
)  # fmt: skip
async def test_the_language_of_the_page(client: Any, query: str, header: str, language: str) -> None:
    response = await client.get(f"/{query}", headers={"Accept-Language": header})
    assert f'<html lang="{language}">' in await response.text()


def test_the_three_languages_say_the_same_things() -> None:
    words = json.loads((WIDGET / "strings.json").read_text("utf-8"))
    shape = {code: _shape(value) for code, value in words.items()}
    assert shape["nn"] == shape["nb"]
    assert shape["en"] == shape["nb"]


def _shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _shape(item) for key, item in value.items()}
    if isinstance(value, list):
        return len(value)
    return sorted(re.findall(r"\{[a-z]+\}", value))


async def test_only_sites_of_the_setting_may_frame_it_or_load_its_script(house: House) -> None:
    settings = replace(house.settings, embed_origins=("https://www.skole.example",))
    async with TestClient(TestServer(build(replace(house, settings=settings)))) as client:
        assert _policy(await client.get("/ramme"))["frame-ancestors"] == "'self' https://www.skole.example"
        for path in ("/", "/emner", "/trygghet"):
            assert _policy(await client.get(path))["frame-ancestors"] == "'none'"
        for origin, allowed in (("https://www.skole.example", True), ("https://fremmed.example", False)):
            response = await client.get("/widget/hjemvei-chat.js", headers={"Origin": origin})
            assert (response.headers.get("Access-Control-Allow-Origin") == origin) is allowed
            assert "Origin" in response.headers["Vary"]
            api = await client.get("/api/v1/articles", headers={"Origin": origin})
            assert "Access-Control-Allow-Origin" not in api.headers


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({}, True),
        ({"Origin": "https://fremmed.example"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "http://{host}"}, True),
        ({"Origin": "https://tjeneste.example", "X-Forwarded-Host": "tjeneste.example"}, True),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://{host}"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://{host}"}, True),
    ],
)
async def test_only_our_own_pages_may_write(client: Any, headers: dict[str, str], allowed: bool) -> None:
    host = f"{client.host}:{client.port}"
    filled = {name: value.replace("{host}", host) for name, value in headers.items()}
    response = await client.post("/api/v1/conversations", headers=filled)
    assert response.status == (201 if allowed else 403)
    if not allowed:
        assert (await response.json())["error"]["code"] == "origin_refused"


async def test_a_plain_form_without_an_origin_is_answered(client: Any) -> None:
    assert (await client.post("/svar", data={"text": "hei"}, headers={"Origin": "null"})).status == 200


async def test_feedback_counts_the_topic_and_nothing_else(started: Started, house: House) -> None:
    before = (await house.feedback.counts()).get("hjelp.krisesenter", (0, 0))
    for helpful in (True, True, False):
        body = {"topic": "hjelp.krisesenter", "helpful": helpful}
        response = await started.client.post(f"{started.path}/feedback", json=body, headers=started.headers)
        assert response.status == 204
    assert (await house.feedback.counts())["hjelp.krisesenter"] == (before[0] + 2, before[1] + 1)


@pytest.mark.parametrize("body", [{}, {"topic": "x", "helpful": True}, {"topic": "hjelp.krisesenter", "helpful": 1}, {"topic": ["a"], "helpful": True}])  # fmt: skip
async def test_feedback_that_cannot_be_counted_is_refused(started: Started, body: Any) -> None:
    response = await started.client.post(f"{started.path}/feedback", json=body, headers=started.headers)
    assert response.status == 400


async def test_sources_are_told_by_their_ids(client: Any) -> None:
    body = await (
        await client.get("/api/v1/sources?ids=kontaktlisten,finnes_ikke,arsrapport_2024,kontaktlisten")
    ).json()
    assert [source["id"] for source in body["sources"]] == ["kontaktlisten", "arsrapport_2024"]
    assert (await (await client.get("/api/v1/sources")).json())["sources"] == []


async def test_a_conversation_has_a_limit_of_its_own(house: House) -> None:
    settings = replace(house.settings, conversation_messages_per_minute=1.0, messages_per_minute=1_000_000.0)
    async with TestClient(TestServer(build(replace(house, settings=settings)))) as client:
        body = await (await client.post("/api/v1/conversations")).json()
        one = Started(client, body["id"], body["token"])
        statuses = [(await one.write("takk", client_message_id="m")).status for _ in range(62)]
        assert statuses.count(429) >= 1
        body = await (await client.post("/api/v1/conversations")).json()
        assert (await Started(client, body["id"], body["token"]).write("takk")).status == 200


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("En.\nTo.", [("p", ["En."]), ("p", ["To."])]),
        ("Dette:\n1. A\n2. B\n\n- C", [("h", ["Dette:"]), ("ol", ["A", "B"]), ("ul", ["C"])]),
        ("", []),
    ],
)
def test_blocks_of_plain_text(text: str, expected: list[Any]) -> None:
    assert blocks(text) == expected
