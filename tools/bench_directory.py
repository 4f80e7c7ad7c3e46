"""Measure the look-up: how many a second on one core, and how long the command takes. Writes docs/directory.md's table.

Run: python -m tools.bench_directory
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from datetime import date, datetime
from pathlib import Path

from bot import settings
from bot.desk import Desk, learn_examples
from bot.directory.hours import OSLO
from bot.knowledge.documents import ARTICLE

ROOT = Path(__file__).resolve().parent.parent
QUESTIONS = ROOT / "tests" / "data" / "lookup_questions.jsonl"
ARTICLES = ROOT / "tests" / "data" / "search_questions.jsonl"
TARGET = ROOT / "docs" / "directory.md"
ROUNDS, COMMANDS = 20, 10
_MARK = "<!-- figures -->"


def look_ups(desk: Desk) -> list[tuple[str, str, str]]:
    """Time ``Lookup.ask`` on every question of the tests."""
    asked = [json.loads(line)["q"] for line in QUESTIONS.read_text("utf-8").splitlines()]
    now = datetime.now(OSLO)
    wall, own = [], []
    for text in asked * ROUNDS:
        started, processor = time.perf_counter(), time.process_time()
        desk.lookup.ask(text, now)
        wall.append(time.perf_counter() - started)
        own.append(time.process_time() - processor)
    wall.sort()
    own.sort()
    at = int(0.95 * len(wall))
    return [
        ("Look-ups a second, one core", f"{len(wall) / sum(wall):.0f}", "at least 300"),
        ("The same, of the processor's own time", f"{len(own) / sum(own):.0f}", ""),
        ("Look-up, p50, ms", f"{1000 * wall[len(wall) // 2]:.2f}", ""),
        ("Look-up, p95, ms", f"{1000 * wall[at]:.2f}", "under 10"),
    ]


def commands() -> list[tuple[str, str, str]]:
    """Time `hjemvei lookup` from start to end: the first time, and when its index is kept."""
    queries = ["krisesenter i bergn", "hvem ringer jeg klokka tre om natta, jeg er 15", "spesialutsending marokko"]
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "HJEMVEI_FOLDER": folder}
        taken, own = [], []
        for number in range(COMMANDS + 1):
            command = [
                sys.executable,
                "-c",
                "from bot.cli import main; main()",
                "lookup",
                queries[number % len(queries)],
            ]
            started, before = time.perf_counter(), os.times()
            subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
            after = os.times()
            taken.append(time.perf_counter() - started)
            own.append(after.children_user + after.children_system - before.children_user - before.children_system)
    first, later = taken[0], sorted(taken[1:])
    return [
        ("`hjemvei lookup`, p50, s", f"{later[len(later) // 2]:.2f}", "under 1.5"),
        ("`hjemvei lookup`, slowest of ten, s", f"{later[-1]:.2f}", "under 1.5"),
        ("The same, of the processor's own time", f"{max(own[1:]):.2f}", ""),
        ("`hjemvei lookup` before its index is built (`hjemvei train` builds it), s", f"{first:.2f}", ""),
        ("The same, of the processor's own time", f"{own[0]:.2f}", ""),
    ]


def articles() -> list[tuple[str, str, str]]:
    """How often the quick search has the right article, on the questions of the search tests."""
    from bot.bootstrap import library, read_examples

    asked = [json.loads(line) for line in ARTICLES.read_text("utf-8").splitlines() if line.strip()]
    full = library().search
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        given = settings.Settings(folder=Path(folder) / "var", models=Path(folder) / "models")
        plain = Desk(given).search(ARTICLE)
        learn_examples(given, read_examples(ROOT / "data" / "nlu"))
        learnt = Desk(given).search(ARTICLE)
        for name, search in (
            ("before `hjemvei train`", plain),
            ("after it", learnt),
            ("the service's own search", full),
        ):
            found = [[hit.id for hit in search.find(question["q"], 3)] for question in asked]
            right = [{question["topic"], *question.get("also", [])} for question in asked]
            first = sum(bool(ids) and ids[0] in good for ids, good in zip(found, right, strict=True))
            third = sum(bool(set(ids) & good) for ids, good in zip(found, right, strict=True))
            share = f"{first / len(asked):.2f} / {third / len(asked):.2f}"
            rows.append((f"Right article first / among three, {name}", share, ""))
    return rows


def main() -> None:
    rows = [*look_ups(Desk(settings.read())), *commands(), *articles()]
    table = "\n".join(
        ["| | measured | asked for |", "| --- | ---: | ---: |", *(f"| {' | '.join(row)} |" for row in rows)]
    )
    load = os.getloadavg()[0]
    made = (
        f"Made by `python -m tools.bench_directory` on {date.today().isoformat()}: {os.cpu_count()} cores, "
        f"{platform.machine()}, Python {platform.python_version()}, load {load:.1f} when it ended."
    )
    print(table)
    text = TARGET.read_text("utf-8")
    TARGET.write_text(f"{text.partition(_MARK)[0]}{_MARK}\n\n{made}\n\n{table}\n", "utf-8")


if __name__ == "__main__":
    main()
