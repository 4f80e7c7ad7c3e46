"""When something is wrong: the user sees what happened, keeps what was typed, and always sees the numbers."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import BrowserContext, Route

from tests.web.conftest import REPLY, Visit

_EMERGENCY = {"emergency": [{"name": "Politiet", "phone": "112"}]}


async def _numbers_show(visit: Visit) -> None:
    assert await visit.page.locator(".numbers a").count() == 4
    assert "112" in await visit.page.locator("header").inner_text()


async def test_offline_and_back_sends_once(visit: Visit, context: BrowserContext) -> None:
    await visit.ask("hei")
    await context.set_offline(True)
    await visit.page.get_by_text("Du er uten nett").first.wait_for()
    await visit.write("hva er et krisesenter")
    await visit.write("takk")
    assert await visit.own.count() == 3
    await _numbers_show(visit)
    sent: list[str] = []
    visit.page.on("request", lambda request: sent.append(request.url) if request.url.endswith("/messages") else None)
    await context.set_offline(False)
    await visit.answers.nth(2).wait_for()
    assert "krisesenter" in (await visit.answers.nth(1).inner_text()).lower()
    assert len(sent) == 2
    assert await visit.answers.count() == 3
    assert "uten nett" not in await visit.page.evaluate("document.body.innerText")


async def test_offline_before_the_first_word(visit: Visit, context: BrowserContext) -> None:
    await context.set_offline(True)
    await visit.write("hva er et krisesenter")
    await visit.page.get_by_text("Meldingen sendes når du er på nett igjen").first.wait_for()
    await context.set_offline(False)
    await visit.answers.first.wait_for()


async def test_the_stream_is_taken_up_again(visit: Visit, context: BrowserContext, site: Any) -> None:
    await visit.ask("hei")
    conversation = await visit.conversation()
    await context.set_offline(True)
    await visit.page.wait_for_timeout(200)
    site.say(conversation, "message", {"id": "m", "text": "Er du der?", "by": "human"})
    await context.set_offline(False)
    await visit.page.get_by_text("Er du der?").wait_for()
    assert await visit.page.get_by_text("Er du der?").count() == 1


async def test_an_answer_lost_on_the_way_comes_by_the_stream_or_again_and_once(visit: Visit) -> None:
    lost = []

    async def lose(route: Route) -> None:
        if lost:
            return await route.continue_()
        lost.append(await route.fetch())
        return await route.abort()

    await visit.page.route("**/messages", lose)
    await visit.ask("hva er et krisesenter")
    await visit.page.wait_for_timeout(2500)
    assert await visit.answers.count() == 1


async def test_a_server_that_fails_is_tried_again_and_then_says_so(visit: Visit) -> None:
    await visit.page.clock.install()
    tries: list[str] = []

    async def fail(route: Route) -> None:
        tries.append(route.request.post_data_json["client_message_id"])
        await route.fulfill(status=503, json={"error": {"code": "unavailable", "message": "Vi får ikke svart.", **_EMERGENCY}})  # fmt: skip

    await visit.page.route("**/messages", fail)
    await visit.write("hva er et krisesenter")
    for _ in range(4):
        await visit.page.wait_for_timeout(150)
        await visit.page.clock.run_for(5000)
    await visit.page.locator(".mark.failed").wait_for()
    assert len(tries) == 4
    assert len(set(tries)) == 1
    assert "Numrene øverst på siden svarer" in await visit.own.first.inner_text()
    assert "hva er et krisesenter" in await visit.own.first.inner_text()
    await _numbers_show(visit)
    await visit.page.unroute("**/messages")
    await visit.page.get_by_role("button", name="Prøv igjen").click()
    await visit.answers.first.wait_for()
    assert await visit.own.count() == 1


@pytest.mark.parametrize("body", ["<html>feil</html>", "{", "null", "[]", '{"texts": "nei"}', '{"texts": [1]}', '{"texts": []}', ""])  # fmt: skip
async def test_garbage_is_not_shown_as_an_answer(visit: Visit, body: str) -> None:
    await visit.page.clock.install()

    async def garbage(route: Route) -> None:
        await route.fulfill(status=200, body=body, content_type="application/json")

    await visit.page.route("**/messages", garbage)
    await visit.page.route("**/events", lambda route: route.abort())
    await visit.write("hei")
    for _ in range(4):
        await visit.page.wait_for_timeout(120)
        await visit.page.clock.run_for(5000)
    await visit.page.get_by_text("Vi fikk et svar vi ikke kan lese").first.wait_for()
    assert await visit.answers.count() == 0
    await _numbers_show(visit)


async def test_a_start_that_answers_garbage(visit: Visit) -> None:
    await visit.page.clock.install()
    await visit.page.route("**/conversations", lambda route: route.fulfill(status=200, body="<p>portal</p>"))
    await visit.write("hei")
    for _ in range(4):
        await visit.page.wait_for_timeout(120)
        await visit.page.clock.run_for(5000)
    await visit.page.get_by_text("Vi fikk et svar vi ikke kan lese").first.wait_for()


async def test_too_many_requests_wait_and_go(visit: Visit) -> None:
    count = 0

    async def busy(route: Route) -> None:
        nonlocal count
        count += 1
        if count == 1:
            error = {"error": {"code": "too_many_requests", "message": "Vent.", **_EMERGENCY}}
            await route.fulfill(status=429, headers={"Retry-After": "3"}, json=error)
        else:
            await route.continue_()

    await visit.page.route("**/messages", busy)
    await visit.write("hei")
    await visit.page.get_by_text("Det kom mange meldinger på kort tid").first.wait_for()
    await visit.answers.first.wait_for()
    assert count == 2


async def test_a_slow_server_is_told_of_and_its_answer_shown(visit: Visit) -> None:
    await visit.page.clock.install()
    held: list[Route] = []
    await visit.page.route("**/messages", lambda route: held.append(route))
    await visit.write("hei")
    await visit.page.get_by_text("Svaret kommer …").wait_for()
    await visit.page.clock.run_for(8000)
    await visit.page.get_by_text("Det tar lengre tid enn vanlig").wait_for()
    await visit.page.clock.run_for(25000)
    await visit.page.get_by_text("Vi får ikke kontakt").first.wait_for()
    await visit.page.unroute("**/messages")
    await visit.page.clock.run_for(5000)
    await visit.answers.first.wait_for()
    assert await visit.own.count() == 1


async def test_five_thousand_characters_stay_in_the_field(visit: Visit) -> None:
    text = "a" * 5000
    await visit.page.fill("#text", text)
    await visit.page.click("#form button")
    assert "5000 tegn" in await visit.page.locator("#said").inner_text()
    assert await visit.page.get_attribute("#text", "aria-invalid") == "true"
    assert await visit.page.input_value("#text") == text
    assert await visit.own.count() == 0
    await visit.page.fill("#text", "hei")
    assert await visit.page.locator("#said").inner_text() == ""


async def test_what_the_server_refuses_goes_back_into_the_field(visit: Visit) -> None:
    error = {"error": {"code": "message_too_long", "message": "Meldingen er for lang.", **_EMERGENCY}}
    await visit.page.route("**/messages", lambda route: route.fulfill(status=413, json=error))
    await visit.write("noe langt")
    await visit.page.get_by_text("Meldingen er for lang. Det du skrev, står fortsatt i feltet.").wait_for()
    assert await visit.page.input_value("#text") == "noe langt"
    assert await visit.own.count() == 0


@pytest.mark.parametrize("text", ["", "   \n "])
async def test_nothing_is_not_sent(visit: Visit, text: str) -> None:
    await visit.page.fill("#text", text)
    await visit.page.click("#form button")
    assert "Skriv en melding først" in await visit.page.locator("#said").inner_text()
    assert await visit.own.count() == 0


async def test_a_pasted_picture_is_explained(visit: Visit) -> None:
    await visit.page.fill("#text", "se her")
    await visit.page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.items.add(new File([new Uint8Array(9)], 'bilde.png', {type: 'image/png'}));
          document.getElementById('text').dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true}));
        }"""
    )
    assert "Bilder kan ikke sendes her" in await visit.page.locator("#said").inner_text()
    assert await visit.page.input_value("#text") == "se her"


async def test_an_expired_conversation_is_taken_up_in_a_new_one(visit: Visit) -> None:
    await visit.ask("hei")
    await visit.page.route("**/events", lambda route: route.abort())
    path, token = await visit.page.evaluate("Object.values(JSON.parse(sessionStorage.h))")
    await visit.page.context.request.delete(
        f"{visit.site.address}/api/v1/conversations/{path}", headers={"Authorization": f"Bearer {token}"}
    )
    await visit.page.get_by_text("slettet eller utløpt").wait_for()
    await visit.page.evaluate(f"sessionStorage.h = JSON.stringify({{id: {path!r}, token: {token!r}}})")
    await visit.page.reload()
    await visit.ready()
    await visit.ask("hva er et krisesenter")
    await visit.page.get_by_text("Den forrige samtalen var utløpt").wait_for()


@pytest.mark.parametrize("year", [1970, 2099])
async def test_a_wrong_clock_changes_nothing(visit: Visit, year: int) -> None:
    await visit.page.clock.set_fixed_time(f"{year}-01-02T03:04:05Z")
    await visit.open()
    await visit.ask("hva er et krisesenter")


async def test_a_tab_that_may_keep_nothing_still_talks(visit: Visit) -> None:
    await visit.page.add_init_script("Object.defineProperty(window, 'sessionStorage', {get() { throw new DOMException('no'); }})")  # fmt: skip
    await visit.open()
    await visit.ask("hei")
    await visit.ask("hva er et krisesenter")


async def test_a_tangled_tab_begins_anew(visit: Visit) -> None:
    for kept in ("{", '"x"', '{"id": 1}', "null"):
        await visit.page.evaluate("(kept) => { sessionStorage.h = kept; }", kept)
        await visit.open()
    await visit.ask("hei")


async def test_a_reply_with_odd_fields_is_shown(visit: Visit) -> None:
    odd = {**REPLY, "buttons": [{"title": 7}, {}], "contacts": None, "sources": "x", "handoff": 4, "topic": None}
    await visit.page.route("**/messages", lambda route: route.fulfill(json=odd))
    await visit.ask("hei")
