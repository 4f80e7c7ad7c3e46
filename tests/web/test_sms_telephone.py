"""The telephone on the screen, for development: used with the keyboard, and only where its setting is on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer, make_mocked_request
from playwright.async_api import Browser, Page

from bot.bootstrap import House
from bot.gateway.limits import Limiter
from bot.gateway.server import build
from bot.gateway.views import sms_simulator
from tests.web.axe import violations
from tests.web.conftest import PHONE


@pytest.fixture
async def address(house: House) -> AsyncIterator[str]:
    app = build(
        replace(house, settings=replace(house.settings, sms_simulator=True)), Limiter(burst=10_000, per_minute=10_000)
    )
    async with TestServer(app) as service:
        yield str(service.make_url("/dev/sms"))


@pytest.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    context = await browser.new_context(viewport=PHONE, locale="nb-NO")
    opened = await context.new_page()
    yield opened
    await context.close()


async def _ask(page: Page, text: str, answers: int) -> str:
    """Write as one does with a keyboard, and wait until there are so many answers."""
    await page.keyboard.type(text)
    await page.keyboard.press("Enter")
    last = page.locator(".theirs").nth(answers - 1)
    await last.wait_for()
    return await last.inner_text()


async def test_a_conversation_with_the_keyboard_alone(page: Page, address: str) -> None:
    foreign: list[str] = []
    page.on("request", lambda request: foreign.append(request.url) if not request.url.startswith(address) else None)
    await page.goto(address)
    told = await _ask(page, "broren min har låst meg inne", 1)
    assert "Kan du ringe nå?" in told
    assert "GSM-7" in told
    assert "3 deler" in told
    assert "112" in await page.locator("#locked").inner_text()
    assert "Send en melding til én du stoler på" in await _ask(page, "2", 2)
    await _ask(page, "stopp", 3)
    await page.keyboard.type("stopp")
    await page.keyboard.press("Enter")
    await page.locator(".silence").wait_for()
    assert foreign == []


async def test_what_is_written_in_another_script_shows_its_alphabet(page: Page, address: str) -> None:
    await page.goto(address)
    assert "UCS-2" in await _ask(page, "أخذوا جواز سفري", 1)


async def test_it_is_accessible(page: Page, address: str) -> None:
    await page.goto(address)
    await _ask(page, "hei", 1)
    assert await violations(page) == []


async def test_the_page_is_not_there_unless_it_is_asked_for(house: House) -> None:
    async with TestClient(TestServer(build(house, Limiter(burst=10_000, per_minute=10_000)))) as client:
        for path in ("/dev/sms", "/dev/sms/phone.js"):
            assert (await client.get(path)).status == 404


async def test_another_machine_does_not_get_it() -> None:
    request = make_mocked_request("GET", "/dev/sms")
    far = request.clone(remote="203.0.113.7")
    with pytest.raises(Exception, match="Not Found"):
        await sms_simulator.page(far)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"person": "a", "id": "b"},
        {"person": "a b", "id": "b", "text": "hei"},
        {"person": 1, "id": "b", "text": "hei"},
    ],
)
async def test_what_cannot_be_a_message_is_refused(house: House, body: dict[str, Any]) -> None:
    app = build(
        replace(house, settings=replace(house.settings, sms_simulator=True)), Limiter(burst=10_000, per_minute=10_000)
    )
    async with TestClient(TestServer(app)) as client:
        assert (await client.post("/dev/sms", json=body)).status == 400
