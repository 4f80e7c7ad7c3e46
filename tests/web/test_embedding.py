"""The widget on other sites' pages: shut off from them, and only where the setting allows."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, BrowserContext, Page

from tests.web.conftest import DESK, HOSTILE, SCHOOL, Site, host_page, until

STRICT = "default-src 'none'; script-src SERVICE; frame-src SERVICE; style-src 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'"


async def _talk(page: Page) -> None:
    inside = page.frame_locator("iframe")
    await inside.locator("#hide").wait_for()
    await inside.locator("#text").fill("hva er et krisesenter")
    await inside.locator("#text").press("Enter")
    await inside.locator(".message.theirs").wait_for()


async def test_a_corner_button_opens_and_closes(context: BrowserContext, site: Site) -> None:
    page = await host_page(context, site)
    assert await page.locator("iframe").count() == 0
    await page.get_by_role("button", name="Spørsmål?").click()
    await _talk(page)
    box = await page.locator(".panel").bounding_box()
    assert box
    assert (box["width"], box["height"]) == (360, 740)
    await page.get_by_role("button", name="Lukk").click()
    assert not await page.locator("iframe").is_visible()
    assert await page.evaluate("document.activeElement.localName") == "hjemvei-chat"
    await page.get_by_role("button", name="Spørsmål?").click()
    assert await page.frame_locator("iframe").locator(".message.theirs").count() == 1
    await page.frame_locator("iframe").locator("#text").press("Escape")
    await page.get_by_role("button", name="Spørsmål?").wait_for()


@pytest.mark.parametrize("mode", ["inline", "full"])
async def test_the_other_modes(context: BrowserContext, site: Site, mode: str) -> None:
    page = await host_page(context, site, mode=mode)
    await _talk(page)


async def test_the_host_page_cannot_read_the_conversation(context: BrowserContext, site: Site) -> None:
    page = await host_page(context, site, mode="inline")
    await _talk(page)
    assert await page.evaluate("document.querySelector('hjemvei-chat').asked") == "closed"
    assert "krisesenter" not in (await page.evaluate("document.documentElement.outerHTML")).lower()
    # Even with the tree pried open, as these tests do it, the frame is another origin's.
    reached = await page.evaluate(
        "() => { try { return document.querySelector('hjemvei-chat').shadowRoot.querySelector('iframe').contentWindow.document.body.textContent; } catch (e) { return e.name; } }"
    )
    assert reached in ("SecurityError", "TypeError")
    assert await page.evaluate("sessionStorage.length + localStorage.length + document.cookie.length") == 0


async def test_the_tree_is_closed_on_our_own_page_too(browser: Browser, site: Site) -> None:
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(site.address)
    await page.locator("#hide").wait_for()
    assert await page.evaluate("document.querySelector('hjemvei-chat').shadowRoot") is None
    await context.close()


async def test_a_hostile_style_sheet_does_not_reach_it(context: BrowserContext, site: Site) -> None:
    page = await host_page(context, site, style=HOSTILE)
    button = page.get_by_role("button", name="Spørsmål?")
    await button.click()
    await _talk(page)
    answer = page.frame_locator("iframe").locator(".message.theirs")
    assert await answer.evaluate("e => getComputedStyle(e).color") == "rgb(28, 42, 43)"
    assert await page.locator("iframe").is_visible()


async def test_a_strict_policy_lets_it_through(context: BrowserContext, site: Site) -> None:
    page = await host_page(context, site, mode="inline", policy=STRICT.replace("SERVICE", site.address))
    await _talk(page)


async def test_a_policy_that_forbids_the_frame_shows_the_numbers_and_a_link(context: BrowserContext, site: Site) -> None:  # fmt: skip
    policy = f"default-src 'none'; script-src {site.address}"
    page = await host_page(context, site, mode="inline", policy=policy)
    link = page.get_by_role("link", name="Åpne i en egen fane")
    await link.wait_for(timeout=20_000)
    assert await link.get_attribute("href") == f"{site.address}/"
    assert await page.get_by_role("link", name="116 111").count() == 1


async def test_colours_of_the_host_page_are_taken_and_nothing_else(context: BrowserContext, site: Site) -> None:
    page = await host_page(
        context, site, mode="inline", style="hjemvei-chat { --h-accent: #123456; --h-paper: url(x) }"
    )
    await page.frame_locator("iframe").locator("#hide").wait_for()
    frame = page.frames[1]
    await until(frame, "getComputedStyle(document.documentElement).getPropertyValue('--h-accent') === '#123456'")
    assert await frame.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--h-paper')") != "url(x)"


async def test_a_site_that_is_not_in_the_setting_gets_no_script_and_no_frame(context: BrowserContext, site: Site) -> None:  # fmt: skip
    page = await context.new_page()
    stranger = site.host.replace("127.0.0.1", "localhost")
    text = f"<!doctype html><iframe src='{site.address}/ramme'></iframe><script type='module' src='{site.address}/widget/hjemvei-chat.js'></script><hjemvei-chat></hjemvei-chat>"
    SCHOOL.update(text=text, policy="")
    async with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
        await page.goto(f"{stranger}/")
    assert await page.evaluate("customElements.get('hjemvei-chat') === undefined")
    # Not the frame, and nothing of its page either, even for those in the setting.
    for path in ("/", "/emner", "/svar"):
        response = await context.request.get(site.address + path)
        assert "frame-ancestors 'none'" in response.headers["content-security-policy"]


async def test_leaving_in_the_frame_leaves_the_whole_page(context: BrowserContext, site: Site) -> None:
    page = await host_page(context, site)
    await page.get_by_role("button", name="Spørsmål?").click()
    await _talk(page)
    async with page.expect_request(lambda request: request.method == "DELETE"):
        await page.frame_locator("iframe").locator("#exit").click()
    await page.wait_for_url(site.neutral)


@pytest.mark.parametrize("inside", [True, False])
async def test_shift_three_times_leaves_from_the_frame_and_from_around_it(context: BrowserContext, site: Site, inside: bool) -> None:  # fmt: skip
    page = await host_page(context, site, mode="inline")
    await _talk(page)
    if not inside:
        await page.get_by_role("button", name="Noe annet").focus()
    async with page.expect_request(lambda request: request.method == "DELETE"):
        for key in ("ShiftLeft", "ShiftRight", "ShiftLeft"):
            await page.keyboard.press(key)
    await page.wait_for_url(site.neutral)


async def test_the_panel_leaves_the_page_in_view_on_a_large_screen(context: BrowserContext, site: Site) -> None:
    page = await host_page(context, site)
    await page.set_viewport_size(DESK)
    await page.get_by_role("button", name="Spørsmål?").click()
    box = await page.locator(".panel").bounding_box()
    assert box
    assert box["width"] == 400
    assert box["x"] + box["width"] == DESK["width"] - 16
