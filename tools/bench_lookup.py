"""How long the console's look-up takes while somebody types: every prefix of some of the questions in tests/data.

    python -m tools.bench_lookup

Loads no model and needs no server. The bound is 100 ms for 95 of 100.
"""

from __future__ import annotations

import json
import os
import time
from datetime import datetime

from bot.bootstrap import library
from bot.directory.hours import OSLO
from bot.gateway.look_up import Asked, LookUp
from bot.settings import ROOT

_EVERY = 16


def main() -> None:
    """Print a line of figures."""
    started = time.perf_counter()
    look_up = LookUp(library())
    built = time.perf_counter() - started
    lines = (ROOT / "tests" / "data" / "lookup_questions.jsonl").read_text("utf-8").splitlines()
    taken, worked = [], []
    for question in (json.loads(line)["q"] for line in lines[::_EVERY]):
        for end in range(1, len(question) + 1):
            began, busy = time.perf_counter(), time.process_time()
            look_up.find(Asked(question[:end]), datetime.now(OSLO))
            taken.append(1000 * (time.perf_counter() - began))
            worked.append(1000 * (time.process_time() - busy))
    print(f"built in {built:.1f} s; {len(taken)} look-ups")
    for name, figures in (("by the clock", sorted(taken)), ("work of the processor", sorted(worked))):
        p50, p95, p99 = (figures[int(share * len(figures))] for share in (0.5, 0.95, 0.99))
        print(f"{name}: p50 {p50:.0f} ms, p95 {p95:.0f} ms, p99 {p99:.0f} ms")
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
