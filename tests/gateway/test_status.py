from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import jsonschema
from aiohttp.test_utils import TestClient, TestServer

from bot.bootstrap import House
from bot.conversation.engine import Conversations
from bot.conversation.review import Reviewer
from bot.gateway.openapi import description
from bot.gateway.routes import OPEN, SIGNED, WITH_TOKEN
from bot.gateway.server import build
from bot.storage.conversations import ConversationStore
from bot.storage.database import Database
from bot.storage.encryption import Vault
from tests.gateway.conftest import Started


async def test_alive_and_ready(client: Any) -> None:
    assert (await client.get("/healthz")).status == 200
    ready = await client.get("/readyz")
    assert ready.status == 200
    assert (await ready.json())["articles"] > 100


async def test_a_database_that_is_gone_fails_readyz_and_answers_with_the_numbers(house: House) -> None:
    gone = Database("postgresql+asyncpg://nobody@127.0.0.1:1/nothing")
    store = ConversationStore(gone, Vault(b"k" * 32), timedelta(hours=1))
    reviewer = Reviewer(house.reviews, keep_text=False)
    agent, locks = house.conversations._agent, house.conversations._locks
    conversations = Conversations(store, agent, locks, lambda: house.library.answers, reviewer, house.cases)
    broken = replace(house, database=gone, store=store, conversations=conversations)
    async with TestClient(TestServer(build(broken))) as client:
        assert (await client.get("/healthz")).status == 200
        for method, path in (("GET", "/readyz"), ("POST", "/api/v1/conversations")):
            response = await client.request(method, path)
            assert response.status == 503
            body = await response.json()
            assert body["error"]["code"] == "unavailable"
            assert "112" in [entry["phone"] for entry in body["error"]["emergency"]]
    await gone.close()


async def test_metrics_count_and_hold_no_words(client: Any, started: Started) -> None:
    await started.write("grønnmerketord i pakistan")
    text = await (await client.get("/metrics")).text()
    assert 'hjemvei_messages_total{channel="web"' in text
    assert "hjemvei_reply_seconds_bucket" in text
    assert "grønnmerketord" not in text
    assert started.id not in text


async def test_the_description_is_of_these_routes(client: Any) -> None:
    document = await (await client.get("/api/openapi.json")).json()
    assert document == description()
    described = {(method.upper(), path) for path, calls in document["paths"].items() for method in calls}
    assert described == {(route.method, route.path) for route in [*OPEN, *WITH_TOKEN, *SIGNED]}


async def test_each_open_answer_is_as_described(client: Any) -> None:
    document = description()
    for path, body_of in (
        ("/healthz", None),
        ("/readyz", None),
        ("/api/v1/articles", None),
        ("/api/v1/articles/{topic}", "utland.pass_tatt"),
    ):
        schema = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        resolver = jsonschema.RefResolver("", document)
        body = await (await client.get(path.replace("{topic}", body_of or ""))).json()
        jsonschema.validate(body, schema, resolver=resolver)


async def test_nothing_is_kept_by_browsers_or_told_to_others(client: Any, started: Started) -> None:
    for response in (await client.get("/"), await started.write("hei"), await client.get("/nope")):
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
        assert "Set-Cookie" not in response.headers
        assert "Server" not in response.headers


async def test_the_page_has_the_numbers_the_exit_and_no_third_party(client: Any) -> None:
    page = await (await client.get("/")).text()
    assert page.index('id="exit"') < page.index("<header>")
    for number in ("112", "113", "116 111", "+47 23 95 00 00"):
        assert number in page
    addresses = [part.split('"')[0] for part in page.split('="')[1:] if part.startswith("http")]
    assert addresses == ["https://www.yr.no/"]
    for name in ("chat.js", "style.css"):
        response = await client.get(f"/widget/{name}")
        assert response.status == 200
        assert "http" not in await response.text()
