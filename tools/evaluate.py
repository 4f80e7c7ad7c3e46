"""How well is a message understood? Measures the trained model; trains nothing.

The development set (tests/data/development.jsonl) was written from the topics' lines alone by other hands than the
training messages, labelled twice, and is never trained on. It is hard on purpose: long stories with the point last,
indirect danger, and messages that only look dangerous. A second file from the same hands, tests/data/held_out.jsonl, is
for reporting only: nothing is chosen by it, and its messages are never shown.

Prints the tables and writes them with pictures to docs/evaluation.md. Fails (exit 1) when a goal that was reached is
lost (tools/goals.yml).
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

from tools.evaluation import goals, measures, pages, pictures

ROOT = Path(__file__).resolve().parent.parent
SETS = {"development": ROOT / "tests/data/development.jsonl", "held_out": ROOT / "tests/data/held_out.jsonl"}
PAGE = ROOT / "docs" / "evaluation.md"
IMAGES = ROOT / "docs" / "images"


def cases(name: str) -> list[dict[str, Any]]:
    """The labelled messages of a set."""
    return [json.loads(line) for line in SETS[name].read_text("utf-8").splitlines() if line.strip()]


async def understand(messages: list[dict[str, Any]]) -> list[measures.Row]:
    """What the model makes of each message, beside its labels."""
    from bot.bootstrap import open_house

    rows = []
    async with open_house(temporary=True) as house:
        await house.conversations.understand("hei")  # what is loaded at the first message is not counted
        for case in messages:
            started = time.perf_counter()
            parsed = await house.conversations.understand(case["t"])
            rows.append(measures.Row.of(case, parsed, ms=(time.perf_counter() - started) * 1000))
    return rows


def main() -> int:
    from bot.quiet import be_quiet

    be_quiet()
    rows = asyncio.run(understand(cases("development")))
    unseen = asyncio.run(understand(cases("held_out")))
    IMAGES.mkdir(exist_ok=True)
    pictures.confusion(rows, IMAGES / "confusion.svg")
    pictures.reliability(rows, IMAGES / "reliability.svg")
    found = measures.figures(rows)
    table, lost = goals.compare(found)
    text = pages.page(rows, measures.figures(unseen), table, date.today(), unseen=len(unseen))
    print(text)
    PAGE.write_text(text, "utf-8")
    for line in lost:
        print(line, file=sys.stderr)
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
