"""The look-up in a real browser, by keyboard alone, and the console's pages of figures through axe."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser, Page

from bot.bootstrap import House
from bot.gateway.desk import COOKIE
from tests.gateway.desk import PASSWORD, account, code
from tests.web.axe import violations
from tests.web.conftest import DESK, Site, until


async def _logged_in(browser: Browser, site: Site, house: House, name: str, role: str) -> Page:
    await account(house, name, role)
    token, _ = await house.staff.log_in(name, PASSWORD)
    opened = await house.staff.give_code(token, await code(house, name))
    context = await browser.new_context(viewport=DESK, locale="nb-NO")
    context.set_default_timeout(15000)
    await context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site.address)
    await context.add_cookies(
        [{"name": COOKIE, "value": opened, "url": f"{site.address}/konsoll", "httpOnly": True, "sameSite": "Strict"}]
    )
    return await context.new_page()


@pytest.fixture(scope="module")
async def page(browser: Browser, site: Site, house: House) -> AsyncIterator[Page]:
    """Somebody at the helpline; nothing may have been refused by the policy, and no script may have failed."""
    opened = await _logged_in(browser, site, house, "siri.soker", "helpline")
    complaints: list[str] = []
    opened.on(
        "console", lambda message: complaints.append(message.text) if "Content Security" in message.text else None
    )
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    await opened.context.close()
    assert complaints == []


async def _search(page: Page, site: Site, text: str) -> None:
    await page.goto(f"{site.address}/konsoll/oppslag")
    await until(page, "Boolean(document.querySelector('.lookup input[type=search]'))", 15)
    await until(page, "document.activeElement.type === 'search'", 15)
    await page.keyboard.type(text)
    await page.locator(".lookup-results article").first.wait_for()


_FOCUSED = "document.activeElement.querySelector('h3')?.textContent"
_CLIPBOARD = "navigator.clipboard.readText()"


async def test_from_question_to_copied_number_by_keyboard(page: Page, site: Site, house: House) -> None:
    phone = house.library.directory.contacts["alarmtelefonen"].phone
    await _search(page, site, "alarmtelefonen")
    await until(page, "document.querySelector('.lookup-results h3').textContent.includes('Alarmtelefonen')", 15)
    await page.keyboard.press("ArrowDown")
    assert "Alarmtelefonen" in await page.evaluate(_FOCUSED)
    await page.keyboard.press("k")
    await page.get_by_text("Kopiert").first.wait_for()
    assert phone in await page.evaluate(_CLIPBOARD)
    await page.keyboard.press("s")
    await page.locator(".lookup-sms").first.get_by_text("1 SMS").wait_for()
    await until(page, f"{_CLIPBOARD}.then(text => text.includes({phone!r}))", 15)
    await page.keyboard.press("Enter")
    await page.get_by_role("heading", name="Kilder").first.wait_for()
    assert await violations(page) == []
    await page.keyboard.press("ArrowDown")
    assert "Alarmtelefonen" not in await page.evaluate(_FOCUSED)
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("Escape")
    assert await page.evaluate("document.activeElement.type") == "search"


async def test_letters_typed_into_the_search_do_nothing_else(page: Page, site: Site) -> None:
    await _search(page, site, "krisesenter")
    assert await page.evaluate("document.activeElement.value") == "krisesenter"
    assert await page.locator(".lookup-sms:not([hidden])").count() == 0


async def test_filters_and_no_hits_are_told(page: Page, site: Site) -> None:
    await _search(page, site, "krisesenter")
    await page.keyboard.press("Tab")
    await page.keyboard.type("15")
    await page.keyboard.press("Tab")
    await page.keyboard.type("Bergen")
    await page.get_by_text("Bergen", exact=False).locator("visible=true").first.wait_for()
    await page.fill("input[type=number]", "500")
    await page.get_by_text("Alderen må være et tall").wait_for()


async def test_beside_a_conversation_one_key_inserts(page: Page, site: Site) -> None:
    """As the conversation's page does it: the component in an element of its own, and an event with the text."""
    await page.goto(f"{site.address}/konsoll/oppslag")
    await until(page, "Boolean(document.querySelector('.lookup'))", 15)
    await page.evaluate(
        """async () => {
          const { lookup } = await import("/konsoll/fil/lookup.js");
          const beside = document.createElement("aside");
          document.querySelector("main").replaceChildren(beside);
          document.addEventListener("hjemvei-insert", (event) => { window.inserted = event.detail; });
          const built = lookup(beside, { inserts: true });
          built.focus();
          await built.ask("alarmtelefonen");
        }"""
    )
    await page.locator(".lookup-results article").first.wait_for()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("i")
    inserted: dict[str, Any] = await page.evaluate("window.inserted")
    assert (inserted["kind"], inserted["id"]) == ("contact", "alarmtelefonen")
    assert "Alarmtelefonen" in inserted["text"]
    assert await violations(page) == []


async def test_what_is_printed_is_the_results(page: Page, site: Site) -> None:
    await _search(page, site, "krisesenter")
    await page.emulate_media(media="print")
    assert await page.locator(".lookup form").is_visible() is False
    assert await page.locator(".lookup-results article").first.is_visible()
    await page.emulate_media(media="screen")


async def test_axe_finds_nothing_on_the_pages(browser: Browser, site: Site, house: House) -> None:
    page = await _logged_in(browser, site, house, "alma.leser", "admin")
    for path in ("statistikk", "gjennomgang", "oppslag", "varsler"):
        response = await page.goto(f"{site.address}/konsoll/{path}")
        assert response
        assert response.status == 200
        for scheme in ("light", "dark"):
            await page.emulate_media(color_scheme=scheme)
            assert await violations(page) == [], path
    await page.context.close()
