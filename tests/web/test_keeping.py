"""What a conversation ends in is taken along without a trace on the line, and real contacts are shown as cards."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import BrowserContext

from tests.web.conftest import Site, Visit, scripted, until

PLAN = {"name": "notater.txt", "text": "Notater\n\nRing: +47 23 95 00 00\nLand: Pakistan …………"}


async def test_a_plan_is_saved_printed_and_copied_and_nothing_is_sent(visit: Visit, context: BrowserContext) -> None:
    await context.grant_permissions(["clipboard-read", "clipboard-write"])
    await scripted(visit.page, texts=["Dette kan du ta vare på."], contacts=[], keep=PLAN)
    await visit.ask("lag en plan")
    box = visit.page.locator(".keep")
    assert "kan ses av andre" in await box.inner_text()
    asked = len([url for url in visit.requests if url.startswith("http")])
    async with visit.page.expect_download() as waiting:
        await box.get_by_role("button", name="Lagre som fil").click()
    download = await waiting.value
    assert download.suggested_filename == "notater.txt"
    assert Path(await download.path()).read_text("utf-8") == PLAN["text"]
    await box.get_by_role("button", name="Kopier").click()
    await until(visit.page, "navigator.clipboard.readText().then((t) => t.startsWith('Notater'))")
    await visit.page.evaluate(
        "() => { window.print = () => { window.sheet = document.getElementById('sheet').innerText; }; }"
    )
    await box.get_by_role("button", name="Skriv ut").click()
    assert "Land: Pakistan" in await visit.page.evaluate("window.sheet")
    assert len([url for url in visit.requests if url.startswith("http")]) == asked


@pytest.mark.parametrize("name", ["../hjem.txt", "flukt.html", ""])
async def test_an_odd_file_name_is_never_used(visit: Visit, name: str) -> None:
    await scripted(visit.page, texts=["Et svar."], contacts=[], keep={**PLAN, "name": name})
    await visit.ask("hei")
    async with visit.page.expect_download() as waiting:
        await visit.page.locator(".keep").get_by_role("button", name="Lagre som fil").click()
    assert (await waiting.value).suggested_filename == "notat.txt"


async def test_a_guide_ends_in_a_file(visit: Visit) -> None:
    for text in ("finn hjelp nær meg", "Drammen", "et sted å sove", "jeg er 19"):
        await visit.ask(text)
    async with visit.page.expect_download() as waiting:
        await visit.page.locator(".keep").get_by_role("button", name="Lagre som fil").click()
    assert (await waiting.value).suggested_filename == "notater.txt"


async def test_the_directory_s_own_contacts_become_cards(visit: Visit, site: Site) -> None:
    await visit.ask("hva er et krisesenter")
    cards = visit.page.locator(".card")
    await cards.first.wait_for()
    shown = [await card.inner_text() for card in await cards.all()]
    response = await visit.page.context.request.get(f"{site.address}/api/v1/contacts/vo_linjen")
    found = await response.json()
    one = next(text for text in shown if found["name"] in text)
    assert found["phone"] in one
    assert ("Åpent nå" if found["open_now"] else "Stengt nå") in one
    assert await visit.page.locator(f'.card a[href="tel:{found["phone"].replace(" ", "")}"]').count() == 1
    # The list of the same contacts in the text has given way to them.
    assert not [
        text
        for text in await visit.page.locator(".part li:not(.card)").all_inner_texts()
        if text.startswith(found["name"])
    ]


@pytest.mark.parametrize(("path", "language", "words"), [
    ("/trygghet?sprak=nn", "nn", "Nettlesaren hugsar"),
    ("/trygghet?sprak=en", "en", "The browser remembers"),
    ("/tilgjengelighet?sprak=nn", "nn", "Det er ikkje testa"),
    ("/tilgjengelighet?sprak=en", "en", "What has not been tested"),
])  # fmt: skip
async def test_safety_and_accessibility_are_told_in_each_language(visit: Visit, path: str, language: str, words: str) -> None:  # fmt: skip
    await visit.page.goto(visit.site.address + path)
    assert await visit.page.get_by_role("heading", name=words).count() == 1
    assert await visit.page.locator("article").get_attribute("lang") == language
    # The language goes along to the next page.
    link = visit.page.locator("footer nav a").first
    assert await link.get_attribute("href") == f"/?sprak={language}"
