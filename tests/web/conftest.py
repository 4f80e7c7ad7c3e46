"""A real Chromium, and the whole application on a port of its own."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, BrowserContext, Frame, Page, Route, async_playwright

from bot.bootstrap import House
from bot.gateway.keys import HUB
from bot.gateway.limits import Limiter
from bot.gateway.server import build

ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
ARGUMENTS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}
# The tests look into the closed tree; the page itself asks for a closed one, which test_isolation.py holds it to.
OPEN_TREES = "const a = Element.prototype.attachShadow; Element.prototype.attachShadow = function (o) { this.asked = o.mode; return a.call(this, { ...o, mode: 'open' }); };"


def chromium() -> str:
    """The path of Debian's Chromium. Without it the tests skip with a word; in CI, where it must be there, fail."""
    found = next((path for path in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if path), None)
    if found is None:
        message = "chromium is not installed (Debian: apt install chromium fonts-noto-core fonts-noto-color-emoji)"
        if os.environ.get("TEST_SERVERS") == "required":
            pytest.fail(message)
        pytest.skip(message)
    return found


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    path = chromium()
    # Rasa's web server puts uvloop's policy in place when it is imported; the loop that runs already is asyncio's, and
    # asks the policy for a watcher of child processes that uvloop's does not have.
    policy = asyncio.get_event_loop_policy()
    asyncio.set_event_loop_policy(asyncio.DefaultEventLoopPolicy())
    try:
        playwright = await async_playwright().start()
    finally:
        asyncio.set_event_loop_policy(policy)
    opened = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
    yield opened
    await opened.close()
    await playwright.stop()


async def until(page: Page | Frame, condition: str, limit_s: float = 8.0) -> None:
    """Wait for a condition in the page. Playwright's own waiting evaluates strings, which the page's policy forbids."""
    for _ in range(int(limit_s / 0.05)):
        if await page.evaluate(condition):
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"not within {limit_s} s: {condition}")


def page_of(text: str, **headers: str) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(text=text, content_type="text/html", headers=headers)

    return answer


@dataclass
class Site:
    """The service, the neutral site that exit goes to, and the application behind the service."""

    address: str
    neutral: str
    app: web.Application
    host: str = ""

    def say(self, conversation: str, kind: str, data: dict[str, Any]) -> None:
        """Something happens in a conversation, as it does when a human has it."""
        self.app[HUB].publish(conversation, kind, data)


HOST_PAGE = """<!doctype html><html lang="nb"><title>Skolen</title><link rel="icon" href="data:,">
<style>STYLE</style><h1>Skolen vår</h1><p>Tekst.</p><button>Noe annet</button>
<script type="module" src="SERVICE/widget/hjemvei-chat.js"></script><hjemvei-chat mode="MODE" lang="nb"></hjemvei-chat></html>"""
HOSTILE = "* { color: lime !important; background: lime !important; display: inline !important; font-size: 3px !important; position: static !important; visibility: hidden !important } hjemvei-chat { display: none !important; opacity: 0 !important }"


SCHOOL: dict[str, str] = {"text": "", "policy": ""}
"""What the school's page is for the test that runs."""


def _school() -> web.Application:
    async def answer(request: web.Request) -> web.Response:
        headers = {"Content-Security-Policy": SCHOOL["policy"]} if SCHOOL["policy"] else {}
        return web.Response(text=SCHOOL["text"], content_type="text/html", headers=headers)

    app = web.Application()
    app.router.add_get("/", answer)
    return app


@pytest.fixture(scope="session")
async def site(house: House) -> AsyncIterator[Site]:
    neutral = web.Application()
    neutral.router.add_get("/", page_of("<!doctype html><html lang='nb'><title>Været</title><h1>Været i dag</h1>"))
    async with TestServer(neutral) as outside, TestServer(_school()) as school:
        exit_url, origin = str(outside.make_url("/")), str(school.make_url("/")).rstrip("/")
        settings = replace(house.settings, exit_url=exit_url, embed_origins=(origin,))
        app = build(replace(house, settings=settings), Limiter(burst=100_000, per_minute=100_000))
        async with TestServer(app) as service:
            address = str(service.make_url("/")).rstrip("/")
            yield Site(address, exit_url, app, origin)


@dataclass
class Visit:
    """A page with the widget, and what a visitor does with it."""

    page: Page
    site: Site
    requests: list[str] = field(default_factory=list)

    async def open(self, path: str = "/") -> Visit:
        await self.page.goto(self.site.address + path)
        await self.ready()
        return self

    async def ready(self) -> None:
        await self.page.locator("#hide").wait_for()
        await until(self.page, "Boolean(document.querySelector('hjemvei-chat').shadowRoot)")

    async def write(self, text: str) -> None:
        await self.page.fill("#text", text)
        await self.page.press("#text", "Enter")

    async def ask(self, text: str) -> None:
        """Write, and wait for the answer."""
        before = await self.answers.count()
        await self.write(text)
        await self.answers.nth(before).wait_for()

    @property
    def answers(self) -> Any:
        return self.page.locator(".message.theirs")

    @property
    def own(self) -> Any:
        return self.page.locator(".message.own")

    async def conversation(self) -> str:
        await until(self.page, "Boolean(sessionStorage.getItem('h'))")
        identifier: str = await self.page.evaluate("JSON.parse(sessionStorage.getItem('h')).id")
        return identifier


REPLY: dict[str, Any] = {
    "conversation": "x",
    "texts": ["Et svar.", "Her kan du få hjelp:\n- Alarmtelefonen for barn og unge: 116 111\n- UDs operative senter: +47 23 95 00 00"],
    "topic": "utland.pass_tatt",
    "topics": [],
    "urgency": "none",
    "contacts": ["alarmtelefonen", "udops"],
    "sources": ["kontaktlisten"],
    "buttons": [{"title": "Snakk med et menneske", "payload": "Snakk med et menneske"}],
    "handoff": "none",
    "language": "nb",
    "ms": 1.0,
    "erased": False,
}  # fmt: skip
CARDS: dict[str, dict[str, Any]] = {
    "alarmtelefonen": {"id": "alarmtelefonen", "name": "Alarmtelefonen for barn og unge", "phone": "116 111", "sms": "417 16 111", "chat": "https://www.116111.no", "url": "https://www.116111.no", "hours": "hele døgnet", "open_now": True, "from_abroad": None},
    "udops": {"id": "udops", "name": "UDs operative senter", "phone": "+47 23 95 00 00", "sms": None, "chat": None, "url": "javascript:alert(1)", "hours": "hele døgnet", "open_now": True, "from_abroad": "+47 23 95 00 00"},
    "jurk": {"id": "jurk", "name": "JURK", "phone": "22 84 29 50", "sms": None, "chat": None, "url": "https://foreninger.uio.no/jurk/", "hours": "åpner mandag kl. 9", "open_now": False, "from_abroad": None},
}  # fmt: skip


async def show_cards(page: Page) -> None:
    """The directory's answers, as its interface describes them."""

    async def answer(route: Route) -> None:
        known = CARDS.get(route.request.url.rsplit("/", 1)[1])
        await route.fulfill(status=200 if known else 404, json=known or {})

    await page.route("**/api/v1/contacts/*", answer)


async def scripted(page: Page, **changes: Any) -> None:
    """Every message is answered with REPLY, changed so."""

    async def answer(route: Route) -> None:
        await route.fulfill(json={**REPLY, **changes})

    await page.route("**/messages", answer)


@pytest.fixture
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    opened = await browser.new_context(viewport=PHONE, locale="nb-NO")
    opened.set_default_timeout(8000)
    await opened.add_init_script(OPEN_TREES)
    yield opened
    await opened.close()


@pytest.fixture
async def visit(context: BrowserContext, site: Site) -> AsyncIterator[Visit]:
    """The page, open. At the end nothing may have been asked of a third party, and nothing refused by the policy."""
    page = await context.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text) if "Content Security" in message.text else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield await Visit(page, site, asked).open()
    assert [url for url in asked if not url.startswith((site.address, site.neutral, "data:", "blob:"))] == []
    assert complaints == []


async def host_page(
    context: BrowserContext, site: Site, *, mode: str = "corner", style: str = "", policy: str = ""
) -> Page:
    """A school's page with the widget on it, at an address that the setting allows."""
    text = HOST_PAGE.replace("SERVICE", site.address).replace("MODE", mode).replace("STYLE", style)
    SCHOOL.update(text=text, policy=policy)
    page = await context.new_page()
    await page.goto(f"{site.host}/")
    return page


@pytest.fixture
async def browser_without_script(browser: Browser) -> AsyncIterator[BrowserContext]:
    opened = await browser.new_context(viewport=PHONE, locale="nb-NO", java_script_enabled=False)
    opened.set_default_timeout(8000)
    yield opened
    await opened.close()
