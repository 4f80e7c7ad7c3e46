from __future__ import annotations

import asyncio
import json
from typing import Any

import jsonschema
import pytest

from bot.bootstrap import House
from bot.gateway.limits import Limiter
from bot.gateway.openapi import ERROR, REPLY
from bot.gateway.routes import WITH_TOKEN
from bot.gateway.server import build
from tests.gateway.conftest import Started


async def _error(response: Any, status: int, code: str) -> None:
    assert response.status == status
    body = await response.json()
    jsonschema.validate(body, ERROR)
    assert body["error"]["code"] == code
    assert "112" in [entry["phone"] for entry in body["error"]["emergency"]]


async def test_a_conversation_from_start_to_end(started: Started) -> None:
    response = await started.write("jeg er i pakistan og de har tatt passet mitt")
    assert response.status == 200
    reply = await response.json()
    jsonschema.validate(reply, REPLY)
    assert reply["conversation"] == started.id
    assert reply["urgency"] in ("urgent", "acute")
    deleted = await started.client.delete(started.path, headers=started.headers)
    assert deleted.status == 204
    await _error(await started.write("hei"), 404, "conversation_unknown")


async def test_the_same_client_message_id_gives_the_same_reply(started: Started) -> None:
    first = await (await started.write("hva er et krisesenter", client_message_id="m1")).json()
    second = await (await started.write("hva er et krisesenter", client_message_id="m1")).json()
    assert first == second


@pytest.mark.parametrize(
    ("body", "kind", "status", "code"),
    [
        (b"{", "application/json", 400, "invalid_json"),
        (b"[" * 20_000, "application/json", 400, "invalid_json"),
        (b'{"text": "\xff\xfe"}', "application/json", 400, "invalid_encoding"),
        (b'["hei"]', "application/json", 400, "invalid_request"),
        (b"{}", "application/json", 400, "invalid_request"),
        (b'{"text": "hei", "client_message_id": 7}', "application/json", 400, "invalid_request"),
        (b'{"text": "hei", "client_message_id": ""}', "application/json", 400, "invalid_request"),
        (b"hei", "text/plain", 415, "unsupported_media_type"),
        (bytes(range(256)), "application/octet-stream", 415, "unsupported_media_type"),
        (b'{"text": ""}', "application/json", 422, "message_empty"),
        (b'{"text": "   "}', "application/json", 422, "message_empty"),
        (b'{"text": null}', "application/json", 422, "message_empty"),
        (json.dumps({"text": "a" * 2001}).encode(), "application/json", 413, "message_too_long"),
        (json.dumps({"text": "a" * 200_000}).encode(), "application/json", 413, "message_too_long"),
    ],
)
async def test_bad_input_gets_its_status_and_the_one_shape(
    started: Started, body: bytes, kind: str, status: int, code: str
) -> None:
    headers = {**started.headers, "Content-Type": kind}
    await _error(await started.client.post(f"{started.path}/messages", data=body, headers=headers), status, code)
    assert (await started.write("hei")).status == 200


@pytest.mark.parametrize("text", ["\\ud800 hei", "\\u202e\\u0000hei", "😀" * 500, "hei " * 499])
async def test_odd_text_is_answered(started: Started, text: str) -> None:
    body = f'{{"text": "{text}"}}'.encode()
    headers = {**started.headers, "Content-Type": "application/json"}
    response = await started.client.post(f"{started.path}/messages", data=body, headers=headers)
    assert response.status == 200
    assert (await response.json())["texts"]


@pytest.mark.parametrize("route", WITH_TOKEN, ids=lambda route: f"{route.method} {route.path}")
async def test_every_route_with_a_token_refuses_without_its_own(started: Started, route: Any) -> None:
    other = await (await started.client.post("/api/v1/conversations")).json()
    path = route.path.format(conversation=started.id)
    for headers, status, code in (
        ({}, 401, "token_missing"),
        ({"Authorization": "Basic abc"}, 401, "token_missing"),
        ({"Authorization": "Bearer feil"}, 404, "conversation_unknown"),
        ({"Authorization": f"Bearer {other['token']}"}, 404, "conversation_unknown"),
    ):
        response = await started.client.request(route.method, path, json={"text": "hei"}, headers=headers)
        await _error(response, status, code)
    unknown = await started.client.request(
        route.method, route.path.format(conversation="finnes-ikke"), json={"text": "hei"}, headers=started.headers
    )
    await _error(unknown, 404, "conversation_unknown")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/finnes-ikke", 404, "not_found"),
        ("GET", "/widget/../server.py", 404, "not_found"),
        ("GET", "/widget/index.html", 404, "not_found"),
        ("GET", "/api/v1/articles/finnes.ikke", 404, "not_found"),
        ("PUT", "/api/v1/conversations", 405, "method_not_allowed"),
    ],
)
async def test_what_is_not_there(client: Any, method: str, path: str, status: int, code: str) -> None:
    await _error(await client.request(method, path), status, code)


async def test_too_many_requests(house: House) -> None:
    from aiohttp.test_utils import TestClient, TestServer

    async with TestClient(TestServer(build(house, Limiter(burst=2, per_minute=0.001)))) as client:
        for _ in range(2):
            assert (await client.post("/api/v1/conversations")).status == 201
        response = await client.post("/api/v1/conversations")
        await _error(response, 429, "too_many_requests")
        assert response.headers["Retry-After"]


async def test_events_are_heard_and_resumed(started: Started) -> None:
    stream = await started.client.get(f"{started.path}/events", headers=started.headers)
    assert stream.headers["Content-Type"].startswith("text/event-stream")
    await started.write("takk", client_message_id="m1")
    heard = await _events(stream, 1)
    assert [kind for _, kind, _ in heard] == ["reply"]
    assert heard[0][2]["client_message_id"] == "m1"
    stream.close()
    await started.write("ha det")
    resumed = await started.client.get(
        f"{started.path}/events", headers={**started.headers, "Last-Event-ID": str(heard[-1][0])}
    )
    assert [number for number, _, _ in await _events(resumed, 1)] == [heard[-1][0] + 1]


async def test_listeners_are_told_that_it_is_erased(started: Started) -> None:
    stream = await started.client.get(f"{started.path}/events", headers=started.headers)
    await asyncio.sleep(0.05)
    await started.client.delete(started.path, headers=started.headers)
    assert [kind for _, kind, _ in await _events(stream, 1)] == ["erased"]
    assert await asyncio.wait_for(stream.content.read(), timeout=5) == b""


async def _events(stream: Any, count: int) -> list[tuple[int, str, Any]]:
    found: list[tuple[int, str, Any]] = []
    fields: dict[str, str] = {}
    while len(found) < count:
        line = (await asyncio.wait_for(stream.content.readline(), timeout=10)).decode().rstrip("\n")
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
        elif "event" in fields:
            found.append((int(fields["id"]), fields["event"], json.loads(fields["data"])))
            fields = {}
    return found
