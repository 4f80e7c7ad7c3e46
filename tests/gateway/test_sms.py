"""The providers' way in: what they are told, and that nothing of it could end up on somebody's screen."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from yarl import URL

from bot.bootstrap import House
from bot.channels.sms.service import Sms
from bot.gateway.limits import Limiter
from bot.gateway.server import build
from bot.gateway.views.sms import caller
from bot.settings import Secret
from bot.storage.database import Database
from bot.storage.encryption import Vault
from tests.channels.sms.cases import CASES, PASSWORD, PUBLIC, SECRET, Case, generic, raw, sent_as_is
from tests.channels.sms.fakes import Echo, make_sms, settings


async def opened(house: House, case: Case, database: Database | None = None, **more: Any) -> AsyncIterator[Any]:
    """A client of the application with this provider. Nothing listens where messages are to be sent."""
    given = case.account
    chosen = settings(
        sms_provider=case.name,
        sms_user=given.user,
        sms_password=Secret(PASSWORD),
        sms_callback_user=given.callback_user,
        sms_callback_password=Secret(given.callback_password),
        sms_options=given.options,
        sms_url="http://127.0.0.1:1",
        public_url=PUBLIC,
        **more,
    )
    sms = make_sms(chosen, database or house.database, Vault(b"k" * 32), Echo())
    app = build(replace(house, sms=sms, settings=chosen), Limiter(burst=10_000, per_minute=10_000))
    async with TestClient(TestServer(app)) as client:
        yield client


@pytest.fixture(params=sorted(CASES))
def case(request: pytest.FixtureRequest) -> Case:
    return CASES[request.param]


@pytest.fixture
async def client(house: House, case: Case) -> AsyncIterator[Any]:
    async for found in opened(house, case):
        yield found


async def call(client: Any, request: Any, path: str | None = None) -> Any:
    method, own_path, headers, body = sent_as_is(request)
    return await client.request(method, URL(path or own_path, encoded=True), data=body or None, headers=headers)


async def test_a_message_is_accepted_by_the_providers_own_rules(client: Any, case: Case) -> None:
    response = await call(client, case.incoming("http-1", "hei æøå & = ?"))
    assert response.status == 200
    body = await response.text()
    assert body == "" or (response.content_type == "text/xml" and "<Response/>" in body)
    assert response.headers["Cache-Control"] == "no-store"


async def test_a_report_is_accepted(client: Any, case: Case) -> None:
    for state in case.states:
        assert (await call(client, case.report("ukjent", state))).status == 200


async def test_what_is_wrong_is_answered_with_a_status_and_no_word(client: Any, case: Case) -> None:
    for requests, status in ((case.incomplete(), 400), (case.forged(), 403)):
        for request in requests:
            response = await call(client, request)
            assert response.status == status
            assert await response.text() == ""


@pytest.mark.parametrize("path", ["{name}/galt-hemmelig-navn", "ukjent/" + SECRET, "{name}/", "{name}/%FF", "x/y"])
async def test_a_wrong_address_says_nothing_of_what_was_wrong(client: Any, case: Case, path: str) -> None:
    response = await call(client, case.incoming("http-2", "hei"), f"/sms/{path.format(name=case.name)}")
    assert response.status == 404


async def test_without_a_provider_there_is_nothing_there(house: House) -> None:
    async with TestClient(TestServer(build(replace(house, sms=None)))) as client:
        assert (await call(client, CASES["json"].incoming("1", "hei"))).status == 404


async def test_a_database_that_is_gone_asks_the_provider_to_try_again(house: House) -> None:
    gone = Database("postgresql+asyncpg://nobody@127.0.0.1:1/nothing")
    async for client in opened(house, CASES["json"], gone):
        response = await call(client, CASES["json"].incoming("1", "hei"))
        assert response.status == 503
        assert response.headers["Retry-After"]
        assert await response.text() == ""
    await gone.close()


async def test_a_fault_of_ours_says_nothing_and_asks_for_another_try(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(self: Sms, request: Any) -> Any:
        raise RuntimeError("grønnmerketord")

    monkeypatch.setattr(Sms, "receive", fails)
    async for client in opened(house, CASES["eurobate"]):
        response = await call(client, CASES["eurobate"].incoming("1", "hei"))
        assert (response.status, await response.text()) == (503, "")


async def test_only_listed_addresses_get_in(house: House) -> None:
    for networks, status in ((("127.0.0.0/8",), 200), (("192.0.2.0/24",), 403)):
        async for client in opened(house, CASES["sveve"], sms_addresses=networks):
            assert (await call(client, CASES["sveve"].incoming("", "hei"))).status == status


@pytest.mark.parametrize(
    ("remote", "forwarded", "proxies", "expected"),
    [
        ("203.0.113.9", ["192.0.2.1"], (), "203.0.113.9"),
        ("203.0.113.9", ["192.0.2.1"], ("10.0.0.0/8",), "203.0.113.9"),
        ("10.0.0.1", ["192.0.2.1"], ("10.0.0.0/8",), "192.0.2.1"),
        ("10.0.0.1", ["198.51.100.7, 192.0.2.1, 10.0.0.2"], ("10.0.0.0/8",), "192.0.2.1"),
        ("10.0.0.1", ["198.51.100.7", "192.0.2.1"], ("10.0.0.0/8",), "192.0.2.1"),
        ("10.0.0.1", [], ("10.0.0.0/8",), "10.0.0.1"),
        ("10.0.0.1", ["tull"], ("10.0.0.0/8",), "tull"),
    ],
)
def test_who_called_is_told_by_our_own_proxies_alone(
    remote: str, forwarded: list[str], proxies: tuple[str, ...], expected: str
) -> None:
    assert caller(remote, forwarded, proxies) == expected


async def test_a_body_that_is_too_long_or_no_form_is_refused(house: House) -> None:
    async for client in opened(house, CASES["json"]):
        for data in (b"x" * 200_000, b"\xff\xfe"):
            response = await call(client, generic(data))
            assert response.status == 400
            assert await response.text() == ""
    async for client in opened(house, CASES["twilio"]):
        headers = {"Content-Type": "multipart/form-data; boundary=x"}
        response = await client.post(f"/sms/twilio/{SECRET}", data=b"--x\r\nbroken", headers=headers)
        assert response.status in (400, 403)


async def test_the_figures_hold_no_number_and_no_text(house: House) -> None:
    async for client in opened(house, CASES["json"]):
        await call(client, generic({"id": "m1", "from": "+4790012399", "to": "1", "text": "grønnmerketord"}))
        await call(client, raw("json", body={"id": "m2"}))
        figures = await (await client.get("/metrics")).text()
        assert 'hjemvei_sms_total{event="kept",word="new"}' in figures
        assert 'hjemvei_sms_total{event="untrusted",word="signature"}' in figures
        assert "merketord" not in figures
        assert "90012399" not in figures
