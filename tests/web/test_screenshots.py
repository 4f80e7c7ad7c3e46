"""Pictures of the widget for docs/images/, taken anew where SCREENSHOTS is set; else only looked at for sense."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.conftest import ROOT
from tests.web.conftest import DESK, OPEN_TREES, PHONE, Site, Visit

KEEP = "SCREENSHOTS" in os.environ
QUESTION = "hva er et krisesenter, og koster det noe?"


@pytest.mark.parametrize(
    ("name", "size", "scheme", "asked"),
    [
        ("start-360", PHONE, "light", False),
        ("samtale-360", PHONE, "light", True),
        ("samtale-360-mork", PHONE, "dark", True),
        ("start-1280", DESK, "light", False),
        ("samtale-1280", DESK, "light", True),
    ],
)
async def test_the_page_looks_as_it_should(browser: Browser, site: Site, tmp_path: Path, name: str, size: dict[str, int], scheme: str, asked: bool) -> None:  # fmt: skip
    context = await browser.new_context(viewport=size, color_scheme=scheme, locale="nb-NO")
    await context.add_init_script(OPEN_TREES)
    visit = await Visit(await context.new_page(), site).open()
    if asked:
        await visit.page.locator("#seen").click()
        await visit.ask(QUESTION)
        await visit.page.evaluate("window.scrollBy(0, -110)")
        await visit.page.wait_for_timeout(200)
    path = (ROOT / "docs" / "images" if KEEP else tmp_path) / f"{name}.png"
    path.parent.mkdir(exist_ok=True)
    await visit.page.screenshot(path=path)
    assert 5_000 < path.stat().st_size < 150_000
    for part in ("#exit", "#text"):
        box = await visit.page.locator(part).bounding_box()
        assert box
        assert 0 <= box["y"] < size["height"]
    await context.close()
