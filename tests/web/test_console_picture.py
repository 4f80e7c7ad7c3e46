"""The console as the README shows it, taken anew where SCREENSHOTS is set; else only looked at for sense."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from playwright.async_api import Browser

from bot.bootstrap import House
from bot.handoff.case import Carried, Case
from tests.conftest import ROOT
from tests.web.conftest import Site, until
from tests.web.console import at_work
from tests.web.test_screenshots import KEEP

FIRST = (
    ("user", "de har tatt passet mitt. jeg er hos onkel i lahore"),
    ("human", "Hei. Jeg er et menneske, og jeg har lest det du har skrevet til nå. Er det trygt for deg å skrive her nå?"),
    ("user", "ja litt. de sover"),
    ("human", "Takk for at du forteller. Det som skjer, er ikke din skyld. Vi ser på det sammen."),
    ("user", "kan jeg få nytt pass? kusina mi kan låne meg telefonen, nummeret er 0300 1234567"),
)  # fmt: skip
SECOND = (
    ("user", "Hei, jeg er lærer. En elev er redd for at hun ikke kommer tilbake etter ferien."),
    ("human", "Hei. Bra at du spør. Når skal de reise?"),
    ("user", "Om to uker. Hun er 15."),
)


async def _case(house: House, carried: Carried, ago: float) -> Case:
    conversation, _ = await house.conversations.start("web")
    offered = await house.cases.offer(conversation, "web", carried)
    case = await house.cases.hand_over(offered.id)
    since = house.cases.clock() - timedelta(minutes=ago)
    return await house.cases.change(case.id, lambda _: {"waiting_since": since})


async def test_the_console_looks_as_it_should(browser: Browser, site: Site, house: House, tmp_path: Path) -> None:
    async with at_work(browser, site, house, "kari", "helpline", color_scheme="light") as kari:
        await kari.on_duty()
        await kari.page.evaluate("localStorage.setItem('hjemvei-konsoll-lyd', 'av')")
        held = Carried("urgent", ("passport_taken", "held_abroad"), "utland.pass_tatt", "under 18", "PK", None, "nb", ("udops", "alarmtelefonen"))  # fmt: skip
        teacher = Carried("concern", ("travel_soon",), "fag.for_ferien", "under 18", None, "professional")
        talks = [(await _case(house, held, 6), FIRST), (await _case(house, teacher, 9), SECOND)]
        waiting = [
            await _case(house, Carried("acute", ("locked_in", "threat_to_life"), age="18+"), 1),
            await _case(house, Carried("urgent", ("wedding_soon",), age="under 18"), 4),
            await _case(house, Carried("none", (), age="18+"), 12),
        ]
        for case, lines in talks:
            await kari.ticket(case.id).wait_for()
            await kari.ticket(case.id).locator("button").click()
            await until(kari.page, f"document.querySelector('#text-{case.id}') !== null", 15)
            taken = await house.cases.get(case.id)
            for by, text in lines:
                worker = taken.taken_by if by == "human" else None
                await house.cases.write(case.id, by=by, text=text, name="Kari" if by == "human" else "", worker=worker)
        await kari.hears("Om to uker")
        await kari.hears("kan jeg få nytt pass")
        await kari.page.locator("#lookup input[type=search]").fill("nytt pass utlandet")
        await kari.page.locator(".lookup-results article").first.wait_for()
        await kari.page.keyboard.press("Alt+Digit1")
        await kari.page.locator(".panel.current textarea").fill(
            "Ja. Ambassaden kan gi deg et nødpass. Er det trygt at jeg"
        )
        await house.cases.typing(talks[0][0].id, by="user", on=True)
        await kari.page.evaluate("document.querySelector('.queue').scrollTop = 0")
        await kari.page.wait_for_timeout(400)
        path = (ROOT / "docs" / "images" if KEEP else tmp_path) / "console.png"
        await kari.page.screenshot(path=path)
        assert 20_000 < path.stat().st_size < 400_000
        for part in ("#queue .ticket", ".panel.current textarea", ".lookup-results article"):
            box = await kari.page.locator(part).first.bounding_box()
            assert box
            assert 0 <= box["y"] < 800
        newest = "(() => { const log = document.querySelector('.panel.current .log'); return log.scrollHeight - log.scrollTop - log.clientHeight })()"
        assert await kari.page.evaluate(newest) < 5
        assert "false" not in await kari.page.inner_text("body")
        assert "0300" not in await kari.page.inner_text(".talks")
        for case in (*waiting, *[case for case, _ in talks]):
            await house.cases.close(case.id, by="test")
