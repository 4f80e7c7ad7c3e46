"""A young person in the widget and a worker in the console, each in a browser of their own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser

from bot.bootstrap import House
from bot.handoff.case import OPEN, Carried, Case, State, Wish
from bot.language import gsm7
from tests.gateway.desk import PASSWORD, code
from tests.web.axe import violations
from tests.web.conftest import DESK, Site, Visit, until
from tests.web.console import LIMIT_S, Helper, at_work

URGENT = "de har tatt passet mitt og låst meg inne i et hus i pakistan"
SECRET_NUMBER = "912 34 567"


@pytest.fixture(autouse=True)
async def _an_empty_queue(house: House) -> AsyncIterator[None]:
    """No test sees the cases of another, even when one fails."""
    yield
    for case in await house.cases.queue(states=OPEN):
        await house.cases.close(case.id, by="test")


@pytest.fixture
async def kari(browser: Browser, site: Site, house: House) -> AsyncIterator[Helper]:
    async with at_work(browser, site, house, "kari") as helper:
        await helper.on_duty()
        yield helper


async def _choose(visit: Visit, title: str) -> None:
    await visit.page.locator(".choices button", has_text=title).first.click()


async def _waiting(
    house: House, *, urgency: str = "urgent", channel: str = "web", shared: bool = True, language: str = "nb"
) -> Case:
    """A person who waits, without a browser."""
    conversation, _ = await house.conversations.start(channel)
    carried = Carried(urgency, ("passport_taken",), "utland.pass_tatt", "under 18", "PK", None, language, ("udops",))
    offered = await house.cases.offer(conversation, channel, carried)
    return await house.cases.hand_over(offered.id, shared=shared)


async def _in_state(house: House, case: str, *states: State) -> Case:
    for _ in range(int(LIMIT_S / 0.1)):
        found = await house.cases.get(case)
        if found.state in states:
            return found
        await asyncio.sleep(0.1)
    raise AssertionError(f"the case is {found.state}")


async def test_from_an_urgent_message_to_the_end_and_back_to_the_assistant(
    kari: Helper, visit: Visit, house: House
) -> None:
    await visit.ask(URGENT)
    await visit.ask("jeg vil snakke med et menneske")
    await _choose(visit, "Ja, send videre")
    conversation = await visit.conversation()
    await until(visit.page, "document.querySelector('hjemvei-chat').shadowRoot.querySelector('.state').textContent.includes('kø')", LIMIT_S)  # fmt: skip
    case = await house.cases.current(conversation)
    assert case
    assert case.urgency == "acute"

    await kari.ticket(case.id).wait_for()
    assert "Akutt" in await kari.ticket(case.id).inner_text()
    assert "låst meg inne" not in await kari.page.inner_text("body")
    await kari.page.keyboard.press("Alt+KeyN")
    await kari.hears("låst meg inne i et hus")
    known = await kari.page.locator(".panel .known").inner_text()
    assert "Pakistan" in known
    assert "passet er tatt" in known
    await until(visit.page, "document.querySelector('hjemvei-chat').shadowRoot.querySelector('.state').textContent.includes('Kari')", LIMIT_S)  # fmt: skip

    await kari.page.locator(".panel.current textarea").press_sequentially("hei, ", delay=20)
    await until(visit.page, "document.querySelector('hjemvei-chat').shadowRoot.querySelector('.typing').textContent !== ''", LIMIT_S)  # fmt: skip
    await kari.answer("hei, er du trygg nå?")
    await visit.page.locator(".message.human", has_text="er du trygg nå?").wait_for()
    await visit.page.locator("#text").press_sequentially("nei", delay=20)
    await until(kari.page, "document.querySelector('.panel .pen').textContent !== ''", LIMIT_S)
    for said in ("nei, onkel er her", "kan du hjelpe meg"):
        await visit.write(said)
        await kari.hears(said)
    await kari.answer("jeg er her")
    await visit.page.locator(".message.human", has_text="jeg er her").wait_for()
    assert await visit.page.locator(".message.human").count() == 2

    await kari.page.keyboard.press("Alt+KeyL")
    await kari.page.select_option("#closing-concern", label="Ufrivillig opphold i utlandet")
    await kari.page.select_option("#closing-outcome", label="Fikk råd og veiledning")
    await kari.page.locator("#sheet button[value=ok]").click()
    await until(kari.page, "document.querySelectorAll('.panel').length === 0", LIMIT_S)
    closed = await _in_state(house, case.id, State.CLOSED)
    assert closed.closing
    assert (closed.closing.concern, closed.closing.outcome) == ("ufrivillig_opphold", "veiledet")
    await visit.page.locator(".message.theirs", has_text="programmet").last.wait_for()
    asked = house.feedback.counts
    yes, no = (await asked()).get("bot.menneske", (0, 0))
    await visit.page.get_by_role("button", name="Hjalp det å snakke med et menneske? Ja").click()
    for _ in range(100):
        if (await asked()).get("bot.menneske") == (yes + 1, no):
            break
        await asyncio.sleep(0.05)
    assert (await asked())["bot.menneske"] == (yes + 1, no)
    before = await visit.answers.count()
    await visit.write("hva er et krisesenter")
    await visit.page.locator(".message.theirs", has_text="krisesenter").last.wait_for()
    assert await visit.answers.count() > before


async def test_of_two_who_take_the_same_case_one_gets_it(
    kari: Helper, browser: Browser, site: Site, house: House
) -> None:
    case = await _waiting(house)
    async with at_work(browser, site, house, "ola") as ola:
        await asyncio.gather(kari.ticket(case.id).wait_for(), ola.ticket(case.id).wait_for())
        press = f"document.querySelector('[data-case=\"{case.id}\"] button').click()"
        await asyncio.gather(kari.page.evaluate(press), ola.page.evaluate(press))
        counted = "document.querySelectorAll('.panel').length"
        for _ in range(100):
            have = [await kari.page.evaluate(counted), await ola.page.evaluate(counted)]
            if sum(have) == 1:
                break
            await asyncio.sleep(0.1)
        assert sorted(have) == [0, 1]
        loser, winner = (ola, "Kari") if have[0] else (kari, "Ola")
        await until(loser.page, f"document.querySelector('.ticket[data-case=\"{case.id}\"]').textContent.includes('Hos {winner}')", LIMIT_S)  # fmt: skip
        await house.cases.close(case.id, by="test")


async def test_a_worker_whose_browser_closes_loses_nothing_and_the_case_comes_back(
    browser: Browser, site: Site, house: House, kari: Helper
) -> None:
    case = await _waiting(house)
    async with at_work(browser, site, house, "ola") as ola:
        await ola.ticket(case.id).wait_for()
        await ola.take(case.id)
        await ola.answer("jeg er her hele tiden")
        await ola.hears("jeg er her hele tiden")
    taken = await house.cases.get(case.id)
    assert taken.state is State.ACTIVE
    assert taken.alive_at
    await house.cases.tick(taken.alive_at + house.cases.limits.silent)
    assert (await house.cases.get(case.id)).state is State.WAITING
    await kari.ticket(case.id).locator("button").wait_for()
    await kari.take(case.id)
    await kari.hears("jeg er her hele tiden")
    await house.cases.close(case.id, by="test")
    await kari.page.locator(".panel .over").wait_for()


async def test_what_is_written_while_the_line_is_down_arrives_once(kari: Helper, house: House) -> None:
    case = await _waiting(house)
    await kari.take(case.id)
    await kari.page.context.set_offline(True)
    await kari.answer("dette sendes senere")
    await house.cases.write(case.id, by="user", text="skrevet mens linja var nede")
    await asyncio.sleep(2)
    assert [line.text for line in await house.cases.lines(case.id) if line.by == "human"] == []
    await kari.page.context.set_offline(False)
    await kari.hears("dette sendes senere")
    await kari.hears("skrevet mens linja var nede")
    await asyncio.sleep(2)
    await kari.hears("dette sendes senere")
    assert [line.text for line in await house.cases.lines(case.id) if line.by == "human"] == ["dette sendes senere"]
    await house.cases.close(case.id, by="test")


async def test_the_conversation_is_there_again_after_the_page_is_loaded_anew(kari: Helper, house: House) -> None:
    case = await _waiting(house)
    await kari.take(case.id)
    await kari.answer("før")
    await kari.hears("før")
    await kari.page.reload()
    await kari.ready()
    await kari.hears("før")
    await house.cases.close(case.id, by="test")


async def test_a_deleted_conversation_is_gone_for_the_worker_too(kari: Helper, visit: Visit, house: House) -> None:
    await visit.ask("jeg vil snakke med et menneske")
    await _choose(visit, "Ja, send videre")
    conversation = await visit.conversation()
    await until(visit.page, "document.querySelector('hjemvei-chat').shadowRoot.querySelector('.state').textContent.includes('kø')", LIMIT_S)  # fmt: skip
    case = await house.cases.current(conversation)
    assert case
    await kari.ticket(case.id).wait_for()
    await kari.take(case.id)
    await visit.write("navnet mitt er solsikke")
    await kari.hears("solsikke")
    await visit.page.get_by_role("button", name="Slett samtalen").click()
    await kari.page.locator(".panel .over", has_text="Personen slettet samtalen").wait_for()
    assert "solsikke" not in await kari.page.content()
    assert (await house.cases.get(case.id)).state is State.CLOSED


async def test_numbers_are_hidden_until_they_are_asked_for_and_that_is_logged(kari: Helper, house: House) -> None:
    case = await _waiting(house)
    await kari.take(case.id)
    await house.cases.write(case.id, by="user", text=f"ring {SECRET_NUMBER} eller skriv til meg@eksempel.no")
    await kari.hears("ring ⟨skjult nummer⟩ eller skriv til ⟨skjult adresse⟩")
    assert SECRET_NUMBER not in await kari.page.content()
    before = [deed.what for _, deed in await house.staff.log()].count("case_unmasked")
    await kari.page.get_by_role("button", name="Vis det som er skjult").click()
    await kari.hears(SECRET_NUMBER)
    assert [deed.what for _, deed in await house.staff.log()].count("case_unmasked") == before + 1
    await house.cases.close(case.id, by="test")


async def test_nothing_from_before_is_shown_when_the_person_did_not_agree(kari: Helper, house: House) -> None:
    case = await _waiting(house, shared=False)
    await kari.take(case.id)
    known = await kari.page.locator(".panel .known").inner_text()
    assert "ga ikke noe videre" in known
    assert "Pakistan" not in known
    await house.cases.close(case.id, by="test")


async def test_several_conversations_are_kept_apart(kari: Helper, house: House) -> None:
    first, second = await _waiting(house), await _waiting(house, urgency="concern")
    for case in (first, second):
        await kari.ticket(case.id).locator("button").click()
        await until(kari.page, f"Boolean(document.querySelector('#text-{case.id}'))", LIMIT_S)
    for key, case, text in (("1", first, "til en"), ("2", second, "til to"), ("1", first, "igjen")):  # fmt: skip
        await kari.page.keyboard.press(f"Alt+Digit{key}")
        await kari.answer(text)
        await kari.hears(text)
        assert (await house.cases.lines(case.id))[-1].text == text
    assert [line.text for line in await house.cases.lines(second.id) if line.by == "human"] == ["til to"]
    for case in (first, second):
        await house.cases.close(case.id, by="test")


async def test_everything_by_keyboard(kari: Helper, house: House) -> None:
    case = await _waiting(house)
    keys, page = kari.page.keyboard, kari.page
    await kari.ticket(case.id).wait_for()
    await keys.press("Alt+KeyN")
    await until(page, "document.activeElement?.matches('.panel textarea')", LIMIT_S)
    await until(page, "document.querySelector('.panel .known dl') !== null", LIMIT_S)
    await keys.press("Alt+KeyS")
    await keys.type("trygg nå")
    await keys.press("Enter")
    await until(page, "document.querySelector('.panel textarea').value.includes('trygg der du er')", LIMIT_S)
    await keys.press("Enter")
    await kari.hears("trygg der du er")
    await keys.press("Alt+KeyO")
    await keys.type("alarmtelefonen")
    await until(page, "document.querySelector('.lookup-results h3')?.textContent.includes('Alarmtelefonen')", LIMIT_S)
    await keys.press("ArrowDown")
    await keys.press("i")
    await until(page, "document.querySelector('.panel textarea').value.includes('116 111')", LIMIT_S)
    await keys.press("Enter")
    await kari.hears("116 111")
    await keys.press("Alt+KeyR")
    await until(page, "document.querySelector('.panel .known').textContent.includes('Henvist til: Alarmtelefonen')", LIMIT_S)  # fmt: skip
    await keys.press("Alt+KeyM")
    await keys.type("følg opp i morgen")
    await keys.press("Tab")
    await keys.press("Tab")
    await keys.press("Enter")
    await until(page, "document.querySelector('.panel .known').textContent.includes('følg opp i morgen')", LIMIT_S)
    assert "følg opp" not in " ".join(line.text for line in await house.cases.lines(case.id))
    await keys.press("Alt+KeyH")
    assert await violations(page) == []
    await keys.press("Escape")
    await keys.press("Alt+KeyL")
    await until(page, "document.activeElement?.id === 'closing-concern'", LIMIT_S)
    for _ in range(4):
        await keys.press("Tab")
    await keys.type("Fikk")
    for _ in range(2):
        await keys.press("Tab")
    await keys.press("Enter")
    closed = await _in_state(house, case.id, State.CLOSED)
    assert closed.closing
    assert closed.closing.outcome == "veiledet"


@pytest.mark.parametrize(
    ("language", "said"), [("nn", "akkurat no?"), ("en", "right now?"), ("nb", "akkurat nå?"), ("so", "akkurat nå?")]
)
async def test_a_canned_answer_comes_in_the_language_of_the_person(
    kari: Helper, house: House, language: str, said: str
) -> None:
    case = await _waiting(house, language=language)
    await kari.take(case.id)
    await kari.page.keyboard.press("Alt+KeyS")
    await kari.page.keyboard.type("Er du trygg")
    await kari.page.keyboard.press("Enter")
    await until(kari.page, f"document.querySelector('.panel textarea').value.includes({said!r})", LIMIT_S)
    await house.cases.close(case.id, by="test")


async def test_a_case_is_given_to_another_worker_and_to_the_queue(
    kari: Helper, browser: Browser, site: Site, house: House
) -> None:
    async with at_work(browser, site, house, "ola") as ola:
        await ola.on_duty()
        case = await _waiting(house)
        await kari.take(case.id)
        await until(kari.page, "document.querySelector('#on-duty').textContent.includes('Ola')", LIMIT_S)
        await kari.page.keyboard.press("Alt+KeyV")
        await kari.page.keyboard.type("Ola")
        await kari.page.keyboard.press("Enter")
        await kari.page.locator(".panel .over", has_text="Ola har saken nå").wait_for()
        await ola.page.locator(".panel textarea").wait_for()
        await until(ola.page, "document.querySelector('.panel .known dl') !== null", LIMIT_S)
        await ola.page.keyboard.press("Alt+KeyV")
        await ola.page.keyboard.type("køen")
        await ola.page.keyboard.press("Enter")
        await _in_state(house, case.id, State.WAITING)
        await kari.ticket(case.id).locator("button").wait_for()
        await house.cases.close(case.id, by="test")


async def test_a_message_that_was_left_is_read_in_the_console(kari: Helper, house: House) -> None:
    conversation, _ = await house.conversations.start("web")
    offered = await house.cases.offer(conversation, "web", Carried("urgent"))
    await house.cases.leave_message(
        offered.id, Wish("jeg trenger råd", "bare SMS, ring aldri", "mellom 8 og 10", "solsikke")
    )
    await kari.ticket(offered.id).wait_for()
    await kari.take(offered.id)
    await kari.page.get_by_role("button", name="Les beskjeden").click()
    await kari.page.locator("#sheet[open] dl").wait_for()
    told = await kari.page.locator("#sheet").inner_text()
    for part in ("jeg trenger råd", "bare SMS, ring aldri", "mellom 8 og 10", "solsikke"):
        assert part in told
    assert await violations(kari.page) == []
    await kari.page.keyboard.press("Escape")
    assert (await house.cases.get(offered.id)).message_read_at
    await house.cases.close(offered.id, by="test")


async def test_an_sms_is_counted_while_it_is_written(kari: Helper, house: House) -> None:
    case = await _waiting(house, channel="sms")
    await kari.take(case.id)
    field = kari.page.locator(".panel.current textarea")
    for text, said, dear in (
        ("hei", "3 tegn, 1 SMS.", False),
        ("a" * 161, "161 tegn, 2 SMS.", False),
        ("hei «du»", "8 tegn, 1 SMS.", False),
        ("hei 😀", "😀 finnes ikke i SMS-alfabetet", True),
        ("a" * 500, "Del den opp", True),
    ):
        await field.fill(text)
        await until(kari.page, f"document.querySelector('.panel .count').textContent.includes({said!r})", LIMIT_S)
        assert await kari.page.evaluate("document.querySelector('.panel .count').classList.contains('dear')") == dear
    await house.cases.close(case.id, by="test")


async def test_the_page_counts_sms_as_the_server_does(kari: Helper) -> None:
    texts = ["", "a", "a" * 160, "a" * 161, "a" * 306, "a" * 307, "€" * 80, "€" * 81, "a" * 152 + "€" + "a" * 150]
    texts += ["å" * 160, "č" * 70, "č" * 71, "😀" * 35, "😀" * 36, "x" * 66 + "😀" * 40, "«hei» – ’du’ …", "سلام" * 30]
    texts += [chr(character) for character in gsm7._PLAIN]
    texts += ["\u00a0•", "[" * 77 + "a", "`", "line\nline\r\n", "~^{}|\\"]
    script = "async (texts) => { const m = await import('/konsoll/fil/gsm7.js'); return texts.map((t) => [m.plain(t), m.foreign(t), m.parts(t)]); }"
    counted = await kari.page.evaluate(script, texts)
    assert counted == [[gsm7.plain(text), gsm7.foreign_characters(text), gsm7.parts(text)] for text in texts]


async def test_a_new_case_is_told_in_the_title_and_that_can_be_turned_off(kari: Helper, house: House) -> None:
    before = await kari.page.title()
    case = await _waiting(house)
    await kari.ticket(case.id).wait_for()
    await until(kari.page, "/^\\(\\d+\\) /.test(document.title)", LIMIT_S)
    await until(kari.page, "document.querySelector('#said').textContent === 'Ny sak i køen'", LIMIT_S)
    await kari.page.keyboard.press("Alt+KeyU")
    assert (await kari.page.title()) == before.split(") ")[-1]
    await kari.page.reload()
    await kari.ready()
    assert await kari.page.get_attribute("#sound", "aria-pressed") == "false"
    await house.cases.close(case.id, by="test")


async def test_a_role_taken_away_closes_the_console(browser: Browser, site: Site, house: House) -> None:
    async with at_work(browser, site, house, "mister.rollen") as helper:
        await house.staff.set_roles("mister.rollen", ["editor"])
        await helper.page.locator("input[name=password]").wait_for()
        assert await helper.page.locator("#queue").count() == 0


async def test_logging_in_with_a_code_and_the_pages_before(browser: Browser, site: Site, house: House) -> None:
    given = await house.staff.add("ny.ansatt", "Nina", ["helpline"])
    assert given
    context = await browser.new_context(viewport=DESK, locale="nb-NO")
    context.set_default_timeout(LIMIT_S * 1000)
    page = await context.new_page()
    await page.goto(f"{site.address}/konsoll")
    assert await violations(page) == []
    await page.fill("#name", "ny.ansatt")
    await page.fill("#password", "ikke dette passordet")
    await page.keyboard.press("Enter")
    await page.locator("[role=alert]").wait_for()
    assert await violations(page) == []
    await page.fill("#password", given)
    await page.keyboard.press("Enter")
    await page.locator(".qr img").wait_for()
    assert await page.evaluate("document.querySelector('.qr img').naturalWidth") > 100
    assert await violations(page) == []
    await page.fill("#password", PASSWORD)
    await page.fill("#again", PASSWORD)
    await page.fill("#code", await code(house, "ny.ansatt"))
    await page.keyboard.press("Enter")
    await page.locator("#queue h3").first.wait_for()
    assert "Nina" in await page.inner_text(".top")
    await page.get_by_role("button", name="Logg ut").click()
    await page.locator("input[name=password]").wait_for()
    await context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_console_has_no_barrier(browser: Browser, site: Site, house: House, scheme: str) -> None:
    async with at_work(browser, site, house, "axe.vakt", "helpline", "leader", color_scheme=scheme) as helper:
        assert await violations(helper.page) == []
        await helper.on_duty()
        case, other = await _waiting(house, urgency="acute"), await _waiting(house, urgency="concern", channel="sms")
        await helper.ticket(other.id).wait_for()
        assert await violations(helper.page) == []
        await helper.take(case.id)
        await house.cases.write(case.id, by="user", text=f"ring {SECRET_NUMBER}")
        await helper.hears("skjult nummer")
        await helper.answer("hei")
        await helper.hears("hei")
        assert await violations(helper.page) == []
        for key in ("S", "M", "V", "L", "H"):
            await helper.page.keyboard.press(f"Alt+Key{key}")
            await helper.page.locator("dialog[open]").wait_for()
            assert await violations(helper.page) == [], key
            await helper.page.keyboard.press("Escape")
        await house.cases.close(case.id, by="test")
        await helper.page.locator(".over").wait_for()
        assert await violations(helper.page) == []
        await house.cases.close(other.id, by="test")
        await helper.page.goto(f"{site.address}/konsoll/hendelser")
        assert await violations(helper.page) == []


async def test_the_console_can_be_read_on_a_narrow_screen(browser: Browser, site: Site, house: House) -> None:
    size = {"width": 360, "height": 740}
    async with at_work(browser, site, house, "smal.skjerm", viewport=size) as helper:
        case = await _waiting(house)
        await helper.ticket(case.id).wait_for()
        await helper.take(case.id)
        wide = await helper.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= size["width"]
        await house.cases.close(case.id, by="test")
