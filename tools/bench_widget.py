"""Measure the widget: its weight, and when the first message can be typed on a slow line and a slow phone.

Usage: ``python -m tools.bench_widget``; writes the part of ``docs/benchmarks.md`` about the widget. The line is the
«slow 3G» of browsers' own tools (400 kbit/s both ways, 400 ms before each answer), the processor is slowed four times,
the server is warm, and every time is counted from the start of the navigation in the page's own clock.
"""

from __future__ import annotations

import asyncio
import gzip
import os
import shutil
import statistics
import sys
import tempfile
from datetime import date
from typing import Any

import aiohttp
from playwright.async_api import Browser, async_playwright

from tools.bench import BIN, free_port, running, until_ready, write_part

PAGE = ("/", "/widget/exit.js", "/widget/line.js", "/widget/show.js", "/widget/hide.js", "/widget/chat.js")
EMBED = "/widget/hjemvei-chat.js"
LIMIT_KB, LIMIT_MS = 30.0, 1000.0
ROUNDS = 9
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
ARGUMENTS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
# The first frame in which the field is laid out and may be written in, and the first with the script in charge.
WATCH = """
const seen = window.seen = {};
const look = () => {
  const field = document.getElementById('text');
  if (!seen.typed && field && field.getClientRects().length && !field.disabled) seen.typed = performance.now();
  const hide = document.getElementById('hide');
  if (!seen.scripted && hide && !hide.hidden) seen.scripted = performance.now();
  if (!seen.typed || !seen.scripted) requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""


async def weights(base: str) -> dict[str, float]:
    """Bytes of the body over the wire, as the server sends it compressed, in kB (1000 bytes)."""
    found = {}
    async with aiohttp.ClientSession(auto_decompress=False) as session:
        for path in (*PAGE, EMBED):
            async with session.get(base + path, headers={"Accept-Encoding": "gzip"}) as response:
                body = await response.read()
                assert response.headers["Content-Encoding"] == "gzip"
                assert gzip.decompress(body)
                found[path] = len(body) / 1000
    return found


async def one_visit(browser: Browser, base: str) -> dict[str, float]:
    """Milliseconds from the start of the navigation to a field to type in, to the script, and to a written answer."""
    context = await browser.new_context(viewport={"width": 360, "height": 740}, locale="nb-NO")
    page = await context.new_page()
    await page.add_init_script(WATCH)
    tools: Any = await context.new_cdp_session(page)
    await tools.send("Network.enable")
    await tools.send("Network.emulateNetworkConditions", SLOW)
    await tools.send("Network.setCacheDisabled", {"cacheDisabled": True})
    await tools.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    await page.goto(base, wait_until="commit")
    # The field is written in as soon as it is there, and what was written must still be there with the script.
    await page.locator("#text").press_sequentially("hva er et krisesenter")
    written = await page.evaluate("performance.now()")
    await page.locator("#hide").wait_for()
    assert await page.input_value("#text") == "hva er et krisesenter"
    seen = await page.evaluate("window.seen")
    paint = await page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    await context.close()
    return {"paint": paint, "typed": seen["typed"], "written": written, "scripted": seen["scripted"]}


async def measure() -> tuple[dict[str, float], dict[str, list[float]], str]:
    path = shutil.which("chromium")
    if path is None:
        sys.exit("Chromium mangler. På Debian: «apt install chromium».")
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    with (
        tempfile.TemporaryDirectory() as folder,
        running([str(BIN / "hjemvei"), "serve", "--port", str(port)], HJEMVEI_FOLDER=folder),
    ):
        async with aiohttp.ClientSession() as session:
            await until_ready(session, base)
        sizes = await weights(base)
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
            visits = [await one_visit(browser, base) for _ in range(ROUNDS)]
            version = browser.version
            await browser.close()
    return sizes, {name: [visit[name] for visit in visits] for name in visits[0]}, version


def report(sizes: dict[str, float], times: dict[str, list[float]], version: str) -> str:
    """The part of the document."""
    page, embed = sum(sizes[path] for path in PAGE), sizes[EMBED]
    rows = [
        ("The page: HTML with its style and words, and five scripts, kB", f"{page:.1f}", f"{LIMIT_KB:.0f}"),
        ("On another site: the button, and then the page, kB", f"{page + embed:.1f}", f"{LIMIT_KB:.0f}"),
    ]
    for name, label, limit in (
        ("paint", "First paint, ms", ""),
        ("typed", "A field to type in, ms", f"{LIMIT_MS:.0f}"),
        ("scripted", "The script is in charge (answers without a new page), ms", ""),
    ):
        worst = max(times[name])
        rows.append((label, f"{statistics.median(times[name]):.0f} (worst {worst:.0f})", limit))
    lines = ["| | measured | at most |", "| --- | ---: | ---: |", *(f"| {a} | {b} | {c} |" for a, b, c in rows)]
    return (
        f"## The widget\n\nMade by `python -m tools.bench_widget` on {date.today().isoformat()} with Chromium "
        f"{version}: gzip as the server sends it, 360 × 740 pixels, an empty cache, 400 kbit/s, 400 ms before each "
        f"answer, a processor slowed four times, a warm server on the same machine ({os.cpu_count()} cores, load "
        f"{os.getloadavg()[0]:.1f} from this and other work); median of {ROUNDS} visits, "
        "from the start of the navigation. No connection has to be set up over the simulated line: Chromium "
        "delays answers, not the handshakes of TCP and TLS, which on a real line of this kind add 800 ms or more.\n\n"
        + "\n".join(lines)
        + "\n\nThe field is the server's own form: what is typed or sent before the script has come is kept, and is "
        "answered all the same."
    )


def main() -> None:
    sizes, times, version = asyncio.run(measure())
    part = report(sizes, times, version)
    print(part)
    write_part("widget", part)
    typed = statistics.median(times["typed"])
    if sum(sizes.values()) > LIMIT_KB or typed > LIMIT_MS:
        sys.exit("Widgeten er for tung eller for treg.")


if __name__ == "__main__":
    main()
