"""axe-core, as its package ships it."""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from playwright.async_api import Frame, Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@lru_cache(maxsize=1)
def _source() -> str:
    spec = find_spec("axe_playwright_python")
    assert spec, "axe-playwright-python is not installed; it stands in deps/requirements-dev.in"
    assert spec.origin
    return (Path(spec.origin).parent / "axe.min.js").read_text("utf-8")


async def violations(page: Page | Frame) -> list[str]:
    """What axe finds on a page: the rule and the first element, one line each."""
    await page.evaluate(f"() => {{ {_source()} }}")
    options: dict[str, Any] = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
    found = await page.evaluate("(options) => axe.run(document, options)", options)
    return [f"{v['id']}: {v['nodes'][0]['html'][:200]} {v['nodes'][0]['failureSummary']}" for v in found["violations"]]
