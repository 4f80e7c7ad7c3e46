"""Somebody at the helpline, in a browser of their own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Browser, Locator, Page

from bot.bootstrap import House
from bot.gateway.desk import COOKIE
from tests.gateway.desk import PASSWORD, account, code
from tests.web.conftest import DESK, Site, until

LIMIT_S = 15.0


@dataclass
class Helper:
    """A worker and their console."""

    page: Page
    site: Site
    name: str

    async def open(self) -> Helper:
        await self.page.goto(f"{self.site.address}/konsoll")
        await self.ready()
        return self

    async def ready(self) -> None:
        await until(self.page, "document.querySelector('#on-duty')?.textContent !== ''", LIMIT_S)

    async def on_duty(self) -> None:
        if await self.page.get_attribute("#duty", "aria-pressed") != "true":
            await self.page.keyboard.press("Alt+KeyP")
        await until(self.page, "document.querySelector('#duty').getAttribute('aria-pressed') === 'true'", LIMIT_S)

    def ticket(self, case: str) -> Locator:
        return self.page.locator(f"[data-case='{case}']")

    async def take(self, case: str) -> None:
        await self.ticket(case).locator("button").click()
        await self.page.locator(".panel .known dl, .panel .known p").first.wait_for()

    @property
    def entries(self) -> Locator:
        return self.page.locator(".panel .entry")

    async def answer(self, text: str) -> None:
        await self.page.locator(".panel.current textarea").fill(text)
        await self.page.keyboard.press("Enter")

    async def hears(self, text: str, times: int = 1) -> None:
        """Within the limit a line with this text stands in the conversation, and only so often."""
        script = f"[...document.querySelectorAll('.panel .entry:not([data-waits])')].filter((e) => e.textContent.includes({text!r})).length"
        await until(self.page, f"{script} === {times}", LIMIT_S)


@asynccontextmanager
async def at_work(
    browser: Browser, site: Site, house: House, name: str, *roles: str, **options: Any
) -> AsyncIterator[Helper]:
    """Logged in, the console open. At the end no script may have failed and nothing been refused by the policy."""
    await account(house, name, *(roles or ("helpline",)))
    token, _ = await house.staff.log_in(name, PASSWORD)
    opened = await house.staff.give_code(token, await code(house, name))
    context = await browser.new_context(**{"viewport": DESK, "locale": "nb-NO", **options})
    context.set_default_timeout(LIMIT_S * 1000)
    kept = {"name": COOKIE, "value": opened, "url": f"{site.address}/konsoll", "httpOnly": True, "sameSite": "Strict"}
    await context.add_cookies([kept])  # type: ignore[list-item]
    page = await context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if "Content Security" in message.text else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    helper = Helper(page, site, name)
    # Who is on duty is taken as known for two seconds; another test may just have found nobody.
    house.conversations.takeover.fresh_s = 0.0
    try:
        yield await helper.open()
    finally:
        house.conversations.takeover.fresh_s = 2.0
        await context.close()
        found = next(one for one in await house.staff.all() if one.name == name)
        await house.staff.go(found.id)
    assert complaints == []
