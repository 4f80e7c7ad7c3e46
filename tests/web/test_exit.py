"""Leaving the page, in every way, and what is left: nothing."""

from __future__ import annotations

import pytest
from playwright.async_api import BrowserContext, Page

from tests.web.conftest import Site, Visit


async def _left(visit: Visit) -> None:
    await visit.page.wait_for_url(visit.site.neutral)
    assert await visit.page.title() == "Været"


async def _shift(page: Page, *keys: str) -> None:
    for key in keys:
        await page.keyboard.press(key)


async def test_the_exit_is_first_in_the_order_and_always_in_view(visit: Visit) -> None:
    await visit.page.keyboard.press("Tab")
    assert await visit.page.evaluate("document.activeElement.id") == "exit"
    await visit.ask("jeg er i pakistan og de har tatt passet mitt")
    await visit.page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    box = await visit.page.locator("#exit").bounding_box()
    assert box
    assert box["y"] >= 0
    assert box["height"] >= 44
    for number in await visit.page.locator(".numbers a").all():
        box = await number.bounding_box()
        assert box
        assert 0 < box["y"] < 150


async def test_leaving_erases_there_and_here_and_back_shows_nothing(visit: Visit, site: Site) -> None:
    await visit.ask("hva er et krisesenter")
    entries = await visit.page.evaluate("history.length")
    async with visit.page.expect_request(lambda request: request.method == "DELETE") as erased:
        await visit.page.click("#exit")
    request = await erased.value
    await _left(visit)
    headers = {"Authorization": request.headers["authorization"], "Content-Type": "application/json"}
    again = await visit.page.context.request.post(f"{request.url}/messages", data={"text": "hei"}, headers=headers)
    assert again.status == 404
    assert await visit.page.evaluate("history.length") == entries
    await visit.page.go_back()
    assert "krisesenter" not in (await visit.page.content()).lower()
    await visit.open()
    assert await visit.page.evaluate("sessionStorage.length") == 0
    assert await visit.answers.count() == 0


async def test_the_page_is_painted_over_before_anything_else(visit: Visit) -> None:
    await visit.ask("hei")
    await visit.page.evaluate(
        """() => {
          const real = window.fetch;
          window.fetch = (...given) => {
            const shown = getComputedStyle(document.querySelector('main')).visibility;
            sessionStorage.order = JSON.stringify([given[1].method, given[1].keepalive, shown, document.title, document.body.innerText.trim()]);
            return real(...given);
          };
        }"""
    )
    await visit.page.click("#exit")
    await _left(visit)
    await visit.open()
    kept = await visit.page.evaluate("JSON.parse(sessionStorage.order)")
    assert kept == ["DELETE", True, "hidden", "…", ""]


async def test_leaving_while_an_answer_is_under_way(visit: Visit) -> None:
    await visit.ask("hei")
    await visit.page.fill("#text", "hva er et krisesenter")
    await visit.page.press("#text", "Enter", no_wait_after=True)
    await visit.page.click("#exit")
    await _left(visit)


async def test_leaving_when_the_server_is_gone(visit: Visit) -> None:
    await visit.ask("hei")
    await visit.page.route("**/api/**", lambda route: route.abort())
    await visit.page.click("#exit")
    await _left(visit)


@pytest.mark.parametrize(
    "keys",
    [("Shift", "Shift", "Shift"), ("ShiftLeft", "ShiftRight", "ShiftLeft"), ("ShiftRight", "ShiftRight", "ShiftRight")],
)
async def test_shift_three_times_leaves(visit: Visit, keys: tuple[str, ...]) -> None:
    await visit.page.focus("#text")
    await _shift(visit.page, *keys)
    await _left(visit)


async def test_each_press_is_announced(visit: Visit) -> None:
    said = visit.page.locator("#keys")
    await _shift(visit.page, "ShiftLeft")
    assert await said.text_content() == "Trykk Shift to ganger til for å forlate siden."
    await _shift(visit.page, "ShiftRight")
    assert await said.text_content() == "Trykk Shift en gang til for å forlate siden."
    await visit.page.keyboard.press("Escape")
    assert await said.text_content() == ""


async def test_five_seconds_between_presses_and_no_more(visit: Visit) -> None:
    await visit.page.clock.install()
    await _shift(visit.page, "ShiftLeft")
    await visit.page.clock.run_for(4500)
    await _shift(visit.page, "ShiftLeft")
    await visit.page.clock.run_for(5500)
    assert "Tiden gikk ut" in (await visit.page.text_content("#keys") or "")
    await _shift(visit.page, "ShiftLeft")
    assert visit.page.url.startswith(visit.site.address)
    await visit.page.clock.run_for(4500)
    await _shift(visit.page, "ShiftLeft")
    await visit.page.clock.run_for(4500)
    await _shift(visit.page, "ShiftLeft")
    await _left(visit)


async def test_capital_letters_never_leave(visit: Visit) -> None:
    await visit.page.focus("#text")
    for letter in "ABCD":
        await visit.page.keyboard.down("Shift")
        await visit.page.keyboard.press(letter)
        await visit.page.keyboard.up("Shift")
    await _shift(visit.page, "ShiftLeft", "a", "ShiftLeft", "b", "ShiftLeft")
    for _ in range(3):
        await visit.page.keyboard.down("Shift")
        await visit.page.mouse.click(100, 300)
        await visit.page.keyboard.up("Shift")
    assert visit.page.url.startswith(visit.site.address)
    assert "ABCDab" in await visit.page.input_value("#text")


_SEND = "const send = (kind, more) => window.dispatchEvent(new KeyboardEvent(kind, more));"


async def test_keys_sent_the_same_way_with_a_code_leave(visit: Visit) -> None:
    """The control of the next: that it is the code, the window and the holding that make the difference."""
    press = "send('keydown', {key: 'Shift', code: 'ShiftLeft'}); send('keyup', {key: 'Shift', code: 'ShiftLeft'});"
    await visit.page.evaluate(f"() => {{ {_SEND} {press * 3} }}")
    await _left(visit)


@pytest.mark.parametrize(
    "how",
    [
        # A keyboard on the screen: no code (Android), a key held down, and one whose window takes half of the page.
        "for (let i = 0; i < 4; i++) { send('keydown', {key: 'Shift', code: ''}); send('keyup', {key: 'Shift', code: ''}); }",
        "for (let i = 0; i < 9; i++) send('keydown', {key: 'Shift', code: 'ShiftLeft', repeat: i > 0}); send('keyup', {key: 'Shift', code: 'ShiftLeft'});",
        "Object.defineProperty(visualViewport, 'height', {value: innerHeight / 2}); for (let i = 0; i < 4; i++) { send('keydown', {key: 'Shift', code: 'ShiftLeft'}); send('keyup', {key: 'Shift', code: 'ShiftLeft'}); }",
        "for (let i = 0; i < 4; i++) { send('keydown', {key: 'Shift', code: 'ShiftLeft', isComposing: true}); send('keyup', {key: 'Shift', code: 'ShiftLeft'}); }",
    ],
)
async def test_a_keyboard_on_the_screen_never_leaves(visit: Visit, how: str) -> None:
    await visit.page.evaluate(f"() => {{ {_SEND} {how} }}")
    assert visit.page.url.startswith(visit.site.address)


@pytest.mark.parametrize("path", ["/emner", "/trygghet", "/tilgjengelighet"])
async def test_every_page_has_the_exit_and_the_keys(visit: Visit, path: str) -> None:
    await visit.page.goto(visit.site.address + path)
    await _shift(visit.page, "ShiftLeft", "ShiftRight", "ShiftLeft")
    await _left(visit)


async def test_a_page_kept_for_the_back_button_is_blank_and_begins_anew(visit: Visit) -> None:
    await visit.ask("hva er et krisesenter")
    await visit.page.evaluate("window.dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
    assert await visit.page.evaluate("getComputedStyle(document.querySelector('main')).visibility") == "hidden"
    async with visit.page.expect_navigation():
        await visit.page.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    await visit.ready()
    assert await visit.answers.count() == 0


async def test_hide_is_innocent_at_once_and_comes_back_by_its_word(visit: Visit) -> None:
    await visit.ask("hva er et krisesenter")
    await visit.page.click("#hide")
    shown = await visit.page.evaluate("document.body.innerText")
    assert "Handleliste" in shown
    for word in ("krisesenter", "Hjemvei", "112", "Forlat", "Samtale", "tilbake"):
        assert word not in shown
    assert await visit.page.title() == "Handleliste"
    await visit.page.get_by_label("Ny vare").fill("Ost")
    await visit.page.get_by_role("button", name="Legg til").click()
    assert await visit.page.get_by_label("Ost").count() == 1
    await visit.page.get_by_label("Ny vare").fill("Tilbake")
    await visit.page.keyboard.press("Enter")
    assert await visit.answers.first.is_visible()
    assert await visit.page.title() == "Spørsmål og svar"


async def test_what_comes_while_hidden_does_not_show(visit: Visit, site: Site) -> None:
    await visit.ask("hei")
    conversation = await visit.conversation()
    await visit.page.click("#hide")
    site.say(conversation, "message", {"id": "m", "text": "Er du der?", "by": "human"})
    await visit.page.wait_for_timeout(300)
    assert "Er du der" not in await visit.page.evaluate("document.body.innerText")
    await _shift(visit.page, "ShiftLeft", "ShiftLeft", "ShiftLeft")
    await _left(visit)


async def test_the_exit_is_a_plain_link_without_script(browser_without_script: BrowserContext, site: Site) -> None:
    page = await browser_without_script.new_page()
    await page.goto(site.address)
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await page.wait_for_url(site.neutral)
