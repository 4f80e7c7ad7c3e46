"""A conversation in the browser, from the first word to the last."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import BrowserContext, Route

from tests.web.conftest import CARDS, REPLY, Site, Visit, scripted, show_cards, until


async def test_a_question_is_answered_with_choices_sources_and_tools(visit: Visit) -> None:
    await visit.ask("jeg er i pakistan og de har tatt passet mitt")
    answer = visit.answers.first
    assert "urgent" in await answer.get_attribute("class")
    assert "+47 23 95 00 00" in await answer.locator(".first-line").inner_text()
    assert await answer.locator("ol li").count() >= 2
    assert await answer.locator('a[href="tel:+4723950000"]').count() >= 1
    assert await visit.page.input_value("#text") == ""
    await visit.page.get_by_text("Kilder", exact=True).click()
    await visit.page.locator(".foot details[open] li").first.wait_for()
    await visit.page.get_by_role("button", name="Hva bør jeg passe på?").click()
    await visit.answers.nth(1).wait_for()
    assert await visit.page.locator(".choices").count() <= 1


async def test_the_log_is_a_log_and_states_are_announced(visit: Visit) -> None:
    log = visit.page.get_by_role("log", name="Samtalen")
    await visit.ask("hva er et krisesenter")
    assert "krisesenter" in (await log.inner_text()).lower()
    assert await visit.page.get_by_role("status").count() >= 3


async def test_whether_it_helped_is_counted_for_the_topic_alone(visit: Visit, site: Site) -> None:
    await visit.ask("hva er et krisesenter")
    async with visit.page.expect_response("**/feedback") as counted:
        await visit.page.get_by_role("button", name="Hjalp dette? Ja").click()
    response = await counted.value
    assert response.status == 204
    assert response.request.post_data_json == {"topic": "hjelp.krisesenter", "helpful": True}
    await visit.page.get_by_text("Takk for svaret.").wait_for()


@pytest.mark.parametrize("text", ["<img src=x onerror=alert(1)>", "[x](javascript:alert(1)) <b>nei</b>"])
async def test_nothing_in_a_message_is_read_as_html(visit: Visit, text: str) -> None:
    await scripted(visit.page, texts=[text], contacts=[])
    await visit.ask(text)
    assert text in await visit.answers.first.inner_text()
    assert text in await visit.own.first.inner_text()
    assert await visit.page.locator(".log img, .log b, .log a[href^=javascript]").count() == 0


async def test_links_in_an_answer_open_elsewhere_and_tell_nothing(visit: Visit) -> None:
    await scripted(
        visit.page,
        texts=["Se [Ung](https://www.ung.no/vold) eller ring 116 111 i 2024. Les https://dinutvei.no/."],
        contacts=[],
    )
    await visit.ask("hei")
    link = visit.answers.first.get_by_role("link", name="Ung")
    assert await link.get_attribute("href") == "https://www.ung.no/vold"
    assert await link.get_attribute("rel") == "noopener noreferrer"
    assert await visit.answers.first.locator("a").count() == 3
    assert await visit.answers.first.locator('a[href="https://dinutvei.no/"]').count() == 1


async def test_contacts_are_cards_in_place_of_their_list(visit: Visit) -> None:
    await show_cards(visit.page)
    lines = [f"- {CARDS[name]['name']}: {CARDS[name]['phone']}" for name in ("alarmtelefonen", "udops")]
    await scripted(visit.page, texts=["Et svar.", "Her kan du få hjelp:\n" + "\n".join(lines)])
    await visit.ask("hvem kan hjelpe")
    await visit.page.locator(".card").nth(1).wait_for()
    assert await visit.answers.first.locator("ul:not(.cards) li").count() == 0
    alarm, ud = visit.page.locator(".card").first, visit.page.locator(".card").nth(1)
    assert "Åpent nå" in await alarm.inner_text()
    assert "Vi vet ikke om nummeret virker fra utlandet" in await alarm.inner_text()
    assert await alarm.locator('a[href="sms:41716111"]').count() == 1
    assert "Virker fra utlandet" in await ud.inner_text()
    assert await visit.page.locator("[href^=javascript]").count() == 0


async def test_a_contact_that_is_closed_says_when_it_opens(visit: Visit) -> None:
    await show_cards(visit.page)
    await scripted(visit.page, texts=["Et svar."], contacts=["jurk", "finnes_ikke"])
    await visit.ask("hei")
    card = visit.page.locator(".card")
    await card.wait_for()
    assert "Stengt nå. åpner mandag kl. 9" in await card.inner_text()


async def test_a_double_click_sends_once(visit: Visit) -> None:
    await visit.page.fill("#text", "hva er et krisesenter")
    await visit.page.locator("#form button").dblclick()
    await visit.answers.first.wait_for()
    await visit.page.locator(".choices button").first.dblclick()
    await visit.answers.nth(1).wait_for()
    assert await visit.own.count() == 2


async def test_two_messages_in_a_row_are_answered_in_order(visit: Visit) -> None:
    await visit.write("hei")
    await visit.write("hva er et krisesenter")
    await visit.answers.nth(1).wait_for()
    assert "krisesenter" in (await visit.answers.nth(1).inner_text()).lower()


async def test_only_the_token_and_the_choice_lie_in_the_tab(visit: Visit, context: BrowserContext) -> None:
    await visit.page.locator("#seen").click()
    assert not await visit.page.locator("#first").is_visible()
    await visit.ask("grønnmerketord")
    kept = await visit.page.evaluate("JSON.stringify([sessionStorage, localStorage, document.cookie, document.title])")
    assert "grønnmerketord" not in kept
    assert set(await visit.page.evaluate("Object.keys(sessionStorage)")) == {"h", "s"}
    assert await visit.page.evaluate("Object.keys(JSON.parse(sessionStorage.h)).sort().join()") == "id,token"
    assert await visit.page.evaluate("localStorage.length") == 0
    assert await context.cookies() == []
    assert await visit.page.title() == "Spørsmål og svar"
    assert [url for url in visit.requests if "gr%C3%B8nn" in url or "grønn" in url] == []


async def test_a_reload_shows_nothing_until_it_is_asked_for(visit: Visit) -> None:
    await visit.ask("hva er et krisesenter")
    await visit.page.reload()
    await visit.ready()
    show = visit.page.get_by_role("button", name="Vis de siste svarene")
    await show.wait_for()
    assert await visit.answers.count() == 0
    await show.click()
    await visit.answers.first.wait_for()
    await visit.ask("takk")


async def test_two_tabs_of_one_conversation_hear_the_same_and_end_together(visit: Visit, context: BrowserContext, site: Site) -> None:  # fmt: skip
    await visit.ask("hei")
    kept = await visit.page.evaluate("sessionStorage.h")
    page = await context.new_page()
    await page.add_init_script(f"sessionStorage.h = sessionStorage.h || {kept!r}")
    other = await Visit(page, site).open()
    await page.get_by_role("button", name="Vis de siste svarene").wait_for()
    await visit.ask("hva er et krisesenter")
    await other.page.get_by_text("Skrevet i en annen fane").wait_for()
    assert await other.answers.count() == 1
    await visit.page.get_by_role("button", name="Slett samtalen").click()
    await other.page.get_by_text("Samtalen er slettet eller utløpt").wait_for()
    assert await other.answers.count() == 0


async def test_two_tabs_of_their_own_are_two_conversations(visit: Visit, context: BrowserContext, site: Site) -> None:
    other = await Visit(await context.new_page(), site).open()
    await visit.ask("hei")
    await other.ask("hei")
    assert await visit.conversation() != await other.conversation()


async def test_erasing_leaves_nothing_here_or_there(visit: Visit, site: Site) -> None:
    await visit.ask("hva er et krisesenter")
    async with visit.page.expect_response(lambda r: r.request.method == "DELETE") as erased:
        await visit.page.get_by_role("button", name="Slett samtalen").click()
    assert (await erased.value).status == 204
    assert await visit.page.locator(".message").count() == 0
    assert "Samtalen er slettet" in await visit.page.locator("#said").inner_text()
    assert await visit.page.evaluate("sessionStorage.length") == 0
    await visit.ask("hei")


async def test_asking_for_erasure_in_words_empties_the_page(visit: Visit) -> None:
    await visit.ask("hva er et krisesenter")
    await visit.write("slett alt")
    await visit.page.get_by_text("Det ligger ingenting igjen her nå").wait_for()
    assert await visit.page.locator(".message").count() == 1
    assert await visit.page.evaluate("sessionStorage.length") == 0


async def test_an_answer_is_saved_copied_and_printed_under_a_neutral_name(visit: Visit, context: BrowserContext) -> None:  # fmt: skip
    await context.grant_permissions(["clipboard-read", "clipboard-write"])
    await visit.ask("hva er et krisesenter")
    await visit.page.get_by_text("Lagre, kopier eller lytt").click()
    async with visit.page.expect_download() as saved:
        await visit.page.get_by_role("button", name="Lagre som fil").click()
    assert (await saved.value).suggested_filename == "notat.txt"
    await visit.page.get_by_role("button", name="Kopier").click()
    await visit.page.get_by_text("Kopiert.").wait_for()
    assert "krisesenter" in (await visit.page.evaluate("navigator.clipboard.readText()")).lower()
    await visit.page.evaluate(
        "() => { window.print = () => { window.printed = document.getElementById('sheet').textContent; }; }"
    )
    await visit.page.get_by_role("button", name="Skriv ut").click()
    assert "krisesenter" in (await visit.page.evaluate("window.printed")).lower()
    assert await visit.page.locator("#sheet").count() == 0


@pytest.mark.parametrize(
    ("language", "label"), [("nn", "Meldinga di"), ("en", "Your message"), ("nb", "Meldingen din")]
)
async def test_the_page_speaks_the_language_that_is_chosen(visit: Visit, language: str, label: str) -> None:
    await visit.open(f"/?sprak={language}")
    assert await visit.page.get_attribute("html", "lang") == language
    assert await visit.page.get_by_label(label).count() == 1
    await visit.ask("hva er et krisesenter")
    assert await visit.answers.first.locator(".part").first.get_attribute("lang") == "nb"


async def _handed(visit: Visit, site: Site, *happenings: tuple[str, dict[str, Any]]) -> None:
    conversation = await visit.conversation()
    for kind, data in happenings:
        site.say(conversation, kind, data)


async def test_a_human_takes_over_and_leaves(visit: Visit, site: Site) -> None:
    """Events as the contract names them."""
    await visit.ask("hei")
    state = visit.page.locator(".state")
    await _handed(visit, site, ("state", {"handoff": "waiting", "place": 2}))
    await visit.page.get_by_text("Du er nummer 2 i køen.").wait_for()
    await _handed(
        visit,
        site,
        ("state", {"handoff": "active", "name": "Kari"}),
        ("typing", {"by": "human", "on": True}),
    )
    await visit.page.get_by_text("Et menneske skriver …").wait_for()
    assert "Du snakker med Kari nå. Programmet er stille." in await state.inner_text()
    await _handed(
        visit, site, ("message", {"id": "m", "by": "human", "name": "Kari", "text": "Hei, jeg er <b>her</b>."})
    )
    human = visit.page.locator(".message.human")
    await human.wait_for()
    assert "Et menneske: Kari" in await human.inner_text()
    assert "<b>her</b>" in await human.inner_text()
    assert await human.evaluate("e => getComputedStyle(e).backgroundColor") != await visit.answers.first.evaluate(
        "e => getComputedStyle(e).backgroundColor"
    )
    await visit.page.route("**/messages", _silent)
    await visit.write("takk")
    marks = "[...document.querySelector('hjemvei-chat').shadowRoot.querySelectorAll('.mark')]"
    await until(visit.page, f"{marks}.every((mark) => !mark.textContent)")
    await _handed(visit, site, ("state", {"handoff": "closed"}))
    await visit.page.get_by_text("Samtalen med et menneske er avsluttet").wait_for()


async def test_the_programs_word_about_a_human_is_not_a_humans(visit: Visit, site: Site) -> None:
    await visit.ask("hei")
    told = {"id": "p", "by": "program", "name": "", "text": "Nå svarer jeg igjen.", "language": "nb"}
    await _handed(visit, site, ("message", told))
    shown = visit.page.locator(".message", has_text="Nå svarer jeg igjen.")
    assert "Svar fra programmet" in await shown.inner_text()
    assert "Et menneske" not in await shown.inner_text()


async def test_place_and_name_hold_until_the_state_changes(visit: Visit, site: Site) -> None:
    await visit.ask("hei")
    await _handed(visit, site, ("state", {"handoff": "waiting", "place": 3}))
    await visit.page.get_by_text("Du er nummer 3 i køen.").wait_for()
    await scripted(visit.page, handoff="waiting", contacts=[])
    await visit.ask("hva nå")
    assert "nummer 3" in str(await visit.page.locator(".state").text_content())


async def test_the_human_is_told_that_something_is_written_and_not_what(visit: Visit, site: Site) -> None:
    await visit.ask("hei")
    posted: list[str] = []
    await visit.page.route("**/typing", lambda route: _noted(route, posted))
    await visit.page.locator("textarea").type("for tidlig")
    assert posted == []
    await _handed(visit, site, ("state", {"handoff": "active", "name": "Kari"}))
    await visit.page.get_by_text("Du snakker med Kari").wait_for()
    await visit.page.locator("textarea").type("hemmelig")
    await until(visit.page, "true")
    assert posted == ['{"on":true}']


async def _noted(route: Route, posted: list[str]) -> None:
    posted.append(route.request.post_data or "")
    await route.fulfill(status=204)


async def _silent(route: Route) -> None:
    await route.fulfill(json={**REPLY, "texts": [], "handoff": "active"})


@pytest.mark.parametrize(
    ("state", "word"),
    [("none", ""), ("offered", "Du kan be om"), ("waiting", "Du står i kø"), ("active", "Du snakker med et menneske"), ("closed", "avsluttet"), ("noe annet", "")],
)  # fmt: skip
async def test_each_state_of_handoff_is_told_in_words(visit: Visit, state: str, word: str) -> None:
    await scripted(visit.page, handoff=state, contacts=[])
    await visit.ask("hei")
    shown = await visit.page.locator(".state").text_content()
    assert word in shown
    assert bool(shown) == bool(word)
