"""Usable by everyone: axe in every state, the keyboard alone, small screens, large text, forced colours."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext

from tests.web.axe import violations
from tests.web.conftest import OPEN_TREES, PHONE, Site, Visit, host_page, scripted, show_cards, until


async def _conversation(visit: Visit, site: Site) -> None:
    await visit.ask("jeg er i pakistan og de har tatt passet mitt")


async def _choices(visit: Visit, site: Site) -> None:
    await visit.ask("hva er et krisesenter")
    await visit.page.get_by_text("Lagre, kopier eller lytt").click()
    await visit.page.get_by_text("Kilder", exact=True).click()
    await visit.page.locator(".foot details[open] li").first.wait_for()
    assert await visit.page.locator(".choices button").count() > 1


async def _cards(visit: Visit, site: Site) -> None:
    await show_cards(visit.page)
    await scripted(visit.page, contacts=["alarmtelefonen", "udops", "jurk"])
    await visit.ask("hvem kan hjelpe")
    await visit.page.locator(".card").nth(2).wait_for()


async def _own_cards(visit: Visit, site: Site) -> None:
    await visit.ask("hva er et krisesenter")
    await visit.page.locator(".card").first.wait_for()


async def _plan(visit: Visit, site: Site) -> None:
    await scripted(visit.page, contacts=[], keep={"name": "notater.txt", "text": "Notater"})
    await visit.ask("lag en plan")
    await visit.page.locator(".keep button").first.wait_for()


async def _handoff(visit: Visit, site: Site) -> None:
    await visit.ask("takk for hjelpen")  # few quick replies, so that none is half scrolled away
    conversation = await visit.conversation()
    site.say(conversation, "state", {"handoff": "active", "name": "Kari"})
    site.say(conversation, "message", {"id": "m", "by": "human", "name": "Kari", "text": "Hei."})
    site.say(conversation, "typing", {"by": "human", "on": True})
    await visit.page.locator(".message.human").wait_for()


async def _waiting(visit: Visit, site: Site) -> None:
    await visit.ask("hei")
    site.say(await visit.conversation(), "state", {"handoff": "waiting", "place": 1})
    await visit.page.get_by_text("Du er nummer 1").wait_for()


async def _error(visit: Visit, site: Site) -> None:
    await visit.page.route("**/messages", lambda route: route.fulfill(status=413, body="{}"))
    await visit.write("hei")
    await visit.page.locator("[aria-invalid=true]").wait_for()


async def _failed(visit: Visit, site: Site) -> None:
    await visit.page.clock.install()
    await visit.page.route("**/messages", lambda route: route.fulfill(status=200, body="x"))
    await visit.write("hei")
    for _ in range(4):
        await visit.page.wait_for_timeout(100)
        await visit.page.clock.run_for(5000)
    await visit.page.locator(".mark.failed").wait_for()


async def _offline(visit: Visit, site: Site) -> None:
    await visit.page.context.set_offline(True)
    await visit.write("hei")
    await visit.page.get_by_text("Meldingen sendes når").first.wait_for()


async def _exit_message(visit: Visit, site: Site) -> None:
    await visit.page.keyboard.press("ShiftLeft")
    await visit.page.get_by_text("Trykk Shift to ganger til").wait_for(state="attached")


async def _hidden(visit: Visit, site: Site) -> None:
    await visit.page.click("#hide")
    await visit.page.get_by_text("Handleliste").wait_for()


async def _resumed(visit: Visit, site: Site) -> None:
    await visit.ask("hei")
    await visit.page.reload()
    await visit.page.get_by_role("button", name="Vis de siste svarene").wait_for()


async def _empty(visit: Visit, site: Site) -> None:
    return None


@pytest.mark.parametrize(
    "state",
    [_empty, _conversation, _choices, _cards, _own_cards, _plan, _waiting, _handoff, _error, _failed, _offline, _exit_message, _hidden, _resumed],
)  # fmt: skip
async def test_axe_finds_nothing_in_any_state(visit: Visit, site: Site, state: Any) -> None:
    await state(visit, site)
    assert await violations(visit.page) == []
    await visit.page.emulate_media(color_scheme="dark")
    assert await violations(visit.page) == []


@pytest.mark.parametrize("path", ["/", "/emner", "/trygghet", "/tilgjengelighet", "/?sprak=nn", "/?sprak=en", "/trygghet?sprak=nn", "/trygghet?sprak=en", "/tilgjengelighet?sprak=nn", "/tilgjengelighet?sprak=en"])  # fmt: skip
async def test_axe_finds_nothing_on_the_plain_pages(visit: Visit, path: str) -> None:
    await visit.page.goto(visit.site.address + path)
    for scheme in ("light", "dark"):
        await visit.page.emulate_media(color_scheme=scheme)
        assert await violations(visit.page) == []


@pytest.mark.parametrize(("path", "field", "value"), [("/emner", "emne", "utland.pass_tatt"), ("/svar", "text", "hva er et krisesenter"), ("/svar", "text", "")])  # fmt: skip
async def test_axe_finds_nothing_on_what_a_form_answers(visit: Visit, path: str, field: str, value: str) -> None:
    """The pages of the plain forms, with the script blocked so that the form sends itself."""
    await visit.page.route("**/widget/*", lambda route: route.abort())
    await visit.page.goto(visit.site.address + ("/emner" if path == "/emner" else "/"))
    if path == "/emner":
        await visit.page.locator(f'button[value="{value}"]').click()
    else:
        await visit.page.evaluate("document.getElementById('form').noValidate = true")
        await visit.page.fill("#text", value)
        await visit.page.click("#form button")
    await visit.page.wait_for_url(f"**{path}*")
    assert await visit.page.locator("h1").count() == 1
    assert await violations(visit.page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("mode", ["corner", "inline", "full"])
async def test_axe_finds_nothing_on_another_sites_page(context: BrowserContext, site: Site, mode: str, scheme: Any) -> None:  # fmt: skip
    page = await host_page(context, site, mode=mode)
    await page.emulate_media(color_scheme=scheme)
    if mode == "corner":
        assert await violations(page) == []
        await page.get_by_role("button", name="Spørsmål?").click()
    inside = page.frame_locator("iframe")
    await inside.locator("#hide").wait_for()
    frame = page.frames[1]
    assert await violations(frame) == []
    await inside.locator("#text").fill("hva er et krisesenter")
    await inside.locator("#text").press("Enter")
    await inside.locator(".message.theirs").wait_for()
    assert await violations(frame) == []
    # The page around is the school's; axe looks into the frame by itself where it can.
    assert [found for found in await violations(page) if "iframe" in found] == []


async def test_the_keyboard_alone_reaches_everything(visit: Visit) -> None:
    page = visit.page
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.id") == "hide"
    for _ in range(12):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement.id") == "text":
            break
    await page.keyboard.type("hva er et krisesenter")
    await page.keyboard.press("Enter")
    await visit.answers.first.wait_for()
    assert await page.evaluate("document.activeElement.id") == "text"
    seen: list[str] = []
    for _ in range(14):
        await page.keyboard.press("Shift+Tab")
        place = await page.evaluate(_FOCUSED)
        seen.append(place["text"])
        assert place["shown"], place
        if place["text"] == "Snakk med et menneske" or "choice" in place["within"]:
            break
    await page.keyboard.press("Enter")
    await visit.answers.nth(1).wait_for()
    assert await page.evaluate("document.activeElement.localName") == "hjemvei-chat"


_FOCUSED = """() => {
  let at = document.activeElement;
  while (at.shadowRoot && at.shadowRoot.activeElement) at = at.shadowRoot.activeElement;
  const box = at.getBoundingClientRect();
  const style = getComputedStyle(at);
  const middle = [Math.max(0, box.left + box.width / 2), box.top + box.height / 2];
  let top = document.elementFromPoint(...middle);
  while (top && top.shadowRoot) {
    const deeper = top.shadowRoot.elementFromPoint(...middle);
    if (!deeper || deeper === top) break;
    top = deeper;
  }
  return {
    text: at.textContent.trim(),
    within: at.parentElement ? at.parentElement.className : "",
    shown: box.height > 0 && style.outlineStyle !== "none" && (top === at || at.contains(top)),
  };
}"""


async def test_targets_are_large_enough_to_touch(visit: Visit) -> None:
    await show_cards(visit.page)
    await scripted(visit.page)
    await visit.ask("hei")
    await visit.page.locator(".card").first.wait_for()
    await visit.page.get_by_text("Lagre, kopier eller lytt").click()
    small = await visit.page.evaluate(
        """() => {
          const roots = [document, document.querySelector('hjemvei-chat').shadowRoot];
          const all = roots.flatMap((root) => [...root.querySelectorAll('button, a, summary, textarea')]);
          const inline = (e) => e.localName === 'a' && getComputedStyle(e).display === 'inline';
          return all.filter((e) => e.getClientRects().length && !inline(e))
            .map((e) => [e.textContent.slice(0, 30), e.getBoundingClientRect().height])
            .filter(([, height]) => height < 40);
        }"""
    )
    assert [name for name, height in small if height < 24] == []
    assert small == []


_WIDE = "() => document.scrollingElement.scrollWidth - innerWidth"


@pytest.mark.parametrize("size", ["100%", "200%"])
async def test_a_narrow_screen_and_large_text_need_no_scrolling_sideways(visit: Visit, size: str) -> None:
    await visit.page.set_viewport_size({"width": 320, "height": 640})
    await visit.page.evaluate("(size) => { document.documentElement.style.fontSize = size; }", size)
    await visit.ask("jeg er i pakistan og de har tatt passet mitt")
    assert await visit.page.evaluate(_WIDE) <= 0
    for path in ("/emner", "/trygghet", "/tilgjengelighet"):
        await visit.page.goto(visit.site.address + path)
        await visit.page.evaluate("(size) => { document.documentElement.style.fontSize = size; }", size)
        assert await visit.page.evaluate(_WIDE) <= 0


async def test_the_text_grows_by_the_page_s_own_button(visit: Visit) -> None:
    for _ in range(6):
        await visit.page.get_by_role("button", name="Større tekst").click()
    assert await visit.page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
    await visit.page.get_by_text("Teksten er 200 prosent.").wait_for()
    assert await visit.page.evaluate(_WIDE) <= 0


async def test_text_spacing_cuts_nothing(visit: Visit) -> None:
    """WCAG 1.4.12: line 1.5, paragraph 2, letters 0.12 and words 0.16 of the font's size."""
    await visit.ask("hva er et krisesenter")
    cut = await visit.page.evaluate(
        """() => {
          const spaced = new CSSStyleSheet();
          spaced.replaceSync('* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }');
          const tree = document.querySelector('hjemvei-chat').shadowRoot;
          for (const root of [document, tree]) root.adoptedStyleSheets = [...root.adoptedStyleSheets, spaced];
          const all = [document, tree].flatMap((root) => [...root.querySelectorAll('a, button, p, li, h1, h2, h3')]);
          return all.filter((e) => !e.closest('.unseen') && e.scrollWidth > e.clientWidth + 1 && e.clientWidth).map((e) => e.textContent);
        }"""
    )
    assert cut == []
    assert await visit.page.evaluate(_WIDE) <= 0


async def test_forced_colours_and_less_motion(visit: Visit) -> None:
    await visit.page.emulate_media(forced_colors="active", reduced_motion="reduce")
    await visit.ask("jeg er i pakistan og de har tatt passet mitt")
    moving = "e => { e.textContent = 'x'; return getComputedStyle(e, '::before').animationName; }"
    assert await visit.page.locator(".typing").evaluate(moving) == "none"
    border = await visit.answers.first.evaluate("e => getComputedStyle(e).borderTopStyle")
    assert border == "solid"
    assert await violations(visit.page) == []


async def test_what_the_server_wrote_is_never_moved_under_the_fingers(browser: Browser, site: Site) -> None:
    """Typed before the script has come: the words, the place in them and the focus stay."""
    context = await browser.new_context(viewport=PHONE, locale="nb-NO")
    await context.add_init_script(OPEN_TREES)
    page = await context.new_page()
    held: list[Any] = []
    await page.route("**/widget/*.js", lambda route: held.append(route))
    await page.goto(site.address, wait_until="commit")
    await page.locator("#text").press_sequentially("jeg lurer")
    await page.keyboard.press("ArrowLeft")
    for route in held:
        await route.continue_()
    await page.unroute("**/widget/*.js")
    await until(page, "Boolean(document.querySelector('hjemvei-chat').shadowRoot)")
    state = await page.evaluate("[document.activeElement.id, text.value, text.selectionStart]")
    assert state == ["text", "jeg lurer", 8]
    await context.close()
