"""The calls that systems with humans make, over the whole application."""

from __future__ import annotations

import json
import logging
import secrets
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import jsonschema
import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.bootstrap import House
from bot.channels import signing
from bot.channels.alerts.service import Alerts
from bot.channels.outward import Outward
from bot.gateway.limits import Limiter
from bot.gateway.openapi import ERROR, description
from bot.gateway.openapi_human import ANSWER, CALL
from bot.gateway.routes import SIGNED
from bot.gateway.server import build
from bot.handoff.case import Case
from bot.storage.database import Database
from tests.channels.desk import Desk, process
from tests.channels.remotes import SECRET, ChatwootRemote, WebhookRemote

PATH = "/api/v1/human/webhook"
SAID = "grønnmerketekst fra en veileder"


@dataclass
class Site:
    """The application, and the cases behind it."""

    client: Any
    desk: Desk
    webhook: WebhookRemote
    chatwoot: ChatwootRemote

    async def post(self, what: Any, *, secret: str = SECRET, at: int | None = None, path: str = PATH) -> Any:
        body = what if isinstance(what, bytes) else json.dumps(what).encode()
        header = signing.sign([secret], body, int(time.time()) if at is None else at)
        headers = {signing.HEADER: header, "Content-Type": "application/json"}
        return await self.client.post(path, data=body, headers=headers)

    async def call(self, case: Case | str, action: str, worker: str = "anna", **more: Any) -> Any:
        identifier = more.pop("id", secrets.token_hex(8))
        named = case if isinstance(case, str) else case.id
        return await self.post({"id": identifier, "action": action, "case": named, "worker": worker, **more})


@pytest.fixture
async def site(house: House, sqlite: Database) -> AsyncIterator[Site]:
    webhook, chatwoot = WebhookRemote(), ChatwootRemote()
    await webhook.start()
    await chatwoot.start()
    async with process(sqlite, lambda store: [*webhook.channels(store), *chatwoot.channels(store)]) as desk:
        webhook.join(desk)
        chatwoot.join(desk)
        alerts = Alerts(desk.outbox, [], "")
        own = replace(house, cases=desk.cases, outward=Outward(alerts, desk.human, desk.courier, []))
        app = build(own, Limiter(burst=100_000, per_minute=100_000))
        async with TestClient(TestServer(app)) as client:
            yield Site(client, desk, webhook, chatwoot)
    await webhook.stop()
    await chatwoot.stop()


async def _error(response: Any, status: int, code: str) -> None:
    assert response.status == status
    body = await response.json()
    jsonschema.validate(body, ERROR)
    assert body["error"]["code"] == code


async def test_a_case_from_take_to_close(site: Site) -> None:
    case = await site.desk.waiting()
    for action, more, state in (
        ("take", {"name": "Anna"}, "active"),
        ("typing", {"on": True}, "active"),
        ("write", {"text": SAID, "name": "Anna"}, "active"),
        ("close", {}, "closed"),
    ):
        response = await site.call(case, action, **more)
        assert response.status == 200
        body = await response.json()
        jsonschema.validate(body, ANSWER)
        assert body == {"case": case.id, "state": state}
    told = [(kind, data) for who, kind, data in site.desk.told if who == case.conversation]
    assert ("state", {"handoff": "active", "name": "Anna"}) in told
    assert ("typing", {"by": "human", "on": True}) in told
    assert [data["text"] for kind, data in told if kind == "message"] == [SAID]


async def test_the_same_id_acts_once_and_answers_the_same(site: Site) -> None:
    case = await site.desk.waiting()
    await site.call(case, "take")
    answers = [await (await site.call(case, "write", text=SAID, id="samme")).json() for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    assert await site.desk.heard(case) == [SAID]


async def test_a_call_that_came_to_nothing_may_be_made_again_with_its_id(site: Site) -> None:
    case = await site.desk.waiting()
    await _error(await site.call(case, "write", text=SAID, id="samme"), 409, "case_not_yours")
    await site.call(case, "take")
    assert (await site.call(case, "write", text=SAID, id="samme")).status == 200
    assert await site.desk.heard(case) == [SAID]


async def test_half_a_character_costs_no_message(site: Site) -> None:
    case = await site.desk.waiting()
    await site.call(case, "take")
    assert (await site.call(case, "write", text="hei \ud83d du")).status == 200
    assert await site.desk.heard(case) == ["hei ? du"]


async def test_only_one_gets_the_case(site: Site) -> None:
    case = await site.desk.waiting()
    assert (await site.call(case, "take", "anna")).status == 200
    await _error(await site.call(case, "take", "berit"), 409, "case_taken")
    await _error(await site.call(case, "write", "berit", text=SAID), 409, "case_not_yours")
    await _error(await site.call(case, "close", "berit"), 409, "case_not_yours")
    await _error(await site.call(case, "typing", "berit", on=True), 409, "case_not_yours")
    assert await site.desk.heard(case) == []
    assert await site.desk.state(case) == "active"


async def test_a_case_given_back_waits_again_and_is_announced_again(site: Site) -> None:
    case = await site.desk.waiting()
    await site.call(case, "take")
    response = await site.call(case, "release")
    assert (await response.json())["state"] == "waiting"
    assert (await site.call(case, "take", "berit")).status == 200


async def test_a_case_that_is_over_or_unknown(site: Site) -> None:
    case = await site.desk.waiting()
    await _error(await site.call("ukjent", "take"), 404, "case_unknown")
    await site.call(case, "take")
    await site.call(case, "close")
    await _error(await site.call(case, "write", text=SAID), 409, "case_not_yours")
    await _error(await site.call(case, "take"), 409, "case_not_possible")
    assert (await site.call(case, "close")).status == 200


@pytest.mark.parametrize("route", SIGNED, ids=lambda route: f"{route.method} {route.path}")
@pytest.mark.parametrize("channel", ["webhook", "chatwoot"])
async def test_what_is_not_signed_now_with_our_secret_is_refused(site: Site, route: Any, channel: str) -> None:
    case, path = await site.desk.waiting(), route.path.format(channel=channel)
    body = json.dumps({"id": "x", "action": "take", "case": case.id, "worker": "anna"}).encode()
    now = int(time.time())
    for headers in (
        {},
        {signing.HEADER: "tull"},
        {signing.HEADER: signing.sign(["en-annen-hemmelighet"], body, now)},
        {signing.HEADER: signing.sign([SECRET], body + b" ", now)},
        {"X-Chatwoot-Timestamp": str(now), "X-Chatwoot-Signature": "sha256=" + "0" * 64},
        {
            "X-Chatwoot-Timestamp": str(now - 400),
            "X-Chatwoot-Signature": f"sha256={signing.digest(SECRET, now - 400, body)}",
        },
        *([{signing.HEADER: signing.sign([SECRET], body, now - 301)}] if channel == "webhook" else []),
    ):
        await _error(
            await site.client.request(route.method, path, data=body, headers=headers), 401, "signature_refused"
        )
    assert await site.desk.state(case) == "waiting"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "invalid_json"),
        (b"\xff\xfe", 400, "invalid_json"),
        (b"[" * 20000, 400, "invalid_json"),
        (b"[]", 400, "invalid_request"),
        (b"{}", 400, "invalid_request"),
        ({"id": "x", "action": "take", "case": "c"}, 400, "invalid_request"),
        ({"id": "x", "action": "delete", "case": "c", "worker": "a"}, 400, "invalid_request"),
        ({"id": "x" * 65, "action": "take", "case": "c", "worker": "a"}, 400, "invalid_request"),
        ({"id": "x", "action": "take", "case": ["c"], "worker": "a"}, 400, "invalid_request"),
        ({"id": "x", "action": "take", "case": "c", "worker": "a\n"}, 400, "invalid_request"),
        ({"id": "x", "action": "take", "case": "c", "worker": "a", "mer": 1}, 400, "invalid_request"),
        ({"id": "x", "action": "typing", "case": "c", "worker": "a", "on": "ja"}, 400, "invalid_request"),
        ({"id": "x", "action": "write", "case": "c", "worker": "a", "text": {}}, 400, "invalid_request"),
        ({"id": "x", "action": "write", "case": "c", "worker": "a", "text": "  "}, 422, "message_empty"),
        ({"id": "x", "action": "write", "case": "c", "worker": "a", "text": "x" * 4001}, 413, "message_too_long"),
        (b" " * 70_000, 413, "message_too_long"),
    ],
)
async def test_a_signed_call_that_cannot_be_read(site: Site, body: Any, status: int, code: str) -> None:
    await _error(await site.post(body), status, code)


async def test_there_are_only_the_channels_that_are_set_up(site: Site, client: Any) -> None:
    for path in ("/api/v1/human/xmpp", "/api/v1/human/console", "/api/v1/human/tull"):
        await _error(await site.post({}, path=path), 404, "not_found")
    # The service as it comes has the console alone.
    await _error(await client.post(PATH, json={}), 404, "not_found")


@pytest.fixture
async def client(house: House) -> AsyncIterator[Any]:
    async with TestClient(TestServer(build(house))) as opened:
        yield opened


async def test_who_tries_signatures_is_slowed_down(site: Site, house: House) -> None:
    own = replace(
        house,
        cases=site.desk.cases,
        outward=Outward(Alerts(site.desk.outbox, [], ""), site.desk.human, site.desk.courier, []),
    )
    async with TestClient(TestServer(build(own, Limiter(burst=3, per_minute=1)))) as opened:
        slow = replace(site, client=opened)
        codes = [(await slow.post({}, secret="en-annen-hemmelighet")).status for _ in range(5)]
        assert codes == [401, 401, 401, 429, 429]
        case = await site.desk.waiting()
        assert (await slow.call(case, "take")).status == 200


async def test_no_word_of_a_call_stands_in_the_log_or_the_figures(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    case = await site.desk.waiting()
    await site.call(case, "take", "grønnmerkenavn")
    await site.call(case, "write", "grønnmerkenavn", text=SAID)
    await site.call(case, "write", "grønnmerkenavn to", text=SAID)
    figures = await (await site.client.get("/metrics")).text()
    assert 'hjemvei_human_calls_total{channel="webhook",outcome="done"} 2.0' in figures
    assert "hjemvei_deliveries_total" in figures
    for shown in (caplog.text, figures):
        assert "grønnmerke" not in shown
        assert case.id not in shown


async def test_the_description_is_what_is_taken(site: Site) -> None:
    case = await site.desk.waiting()
    await site.call(case, "take")
    call = description()["paths"]["/api/v1/human/{channel}"]["post"]
    assert call["requestBody"]["content"]["application/json"]["schema"] == CALL
    full = {"id": "1", "action": "write", "case": case.id, "worker": "anna", "name": "Anna", "text": "hei", "on": True}
    jsonschema.validate(full, CALL)
    assert (await site.post(full)).status == 200
    for wrong in ({**full, "mer": 1}, {k: v for k, v in full.items() if k != "worker"}, {**full, "action": "x"}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, CALL)
        assert (await site.post(wrong)).status == 400
    described = {int(status) for status in call["responses"]}
    assert {200, 400, 401, 404, 409, 413, 422, 429, 500, 503} <= described


async def test_chatwoot_events_that_mean_nothing_to_a_case(site: Site) -> None:
    case = await site.desk.waiting()
    for event in (
        {
            "event": "message_created",
            "id": 1,
            "message_type": "outgoing",
            "content": "x",
            "conversation": {"id": 1, "inbox_id": 7},
        },
        {
            "event": "message_created",
            "id": 1,
            "message_type": "outgoing",
            "content": "x",
            "conversation": {"id": 1, "inbox_id": 8},
        },
        {"event": "conversation_status_changed", "id": 1, "inbox_id": 7, "status": "resolved"},
    ):
        body, now = json.dumps(event).encode(), int(time.time())
        headers = {
            "X-Chatwoot-Timestamp": str(now),
            "X-Chatwoot-Signature": f"sha256={signing.digest(SECRET, now, body)}",
        }
        response = await site.client.post("/api/v1/human/chatwoot", data=body, headers=headers)
        assert (response.status, await response.json()) == (200, {})
    assert await site.desk.state(case) == "waiting"
