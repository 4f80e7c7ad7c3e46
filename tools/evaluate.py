"""How well is a message understood? Measures the trained model on the development set; trains nothing.

The development set (tests/data/development.jsonl) was written from the topics' lines alone by other hands than the
training messages and is never trained on. It is hard on purpose: long stories with the point last, indirect danger,
and messages that only look dangerous. Prints the tables and writes them to docs/evaluation.md.
"""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SET = ROOT / "tests" / "data" / "development.jsonl"
TARGET = ROOT / "docs" / "evaluation.md"
OUT_OF_SCOPE = "bot.utenfor"
LEVELS = ("none", "concern", "urgent", "acute")
BINS = 10


def share(values: Sequence[bool]) -> str:
    """Per cent of True, or a dash for nothing."""
    return f"{100 * sum(values) / len(values):.1f} %" if values else "–"


def by(rows: list[dict[str, Any]], key: str) -> str:
    """A table of top 1 and top 3 for each value of ``key``."""
    groups: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[row[key]].append(row)
    lines = [f"| {key} | messages | top 1 | top 3 |", "| --- | ---: | ---: | ---: |"]
    for name, group in sorted(groups.items(), key=lambda item: -len(item[1])):
        first, third = share([r["first"] for r in group]), share([r["third"] for r in group])
        lines.append(f"| {name} | {len(group)} | {first} | {third} |")
    return "\n".join(lines)


def calibration_error(rows: list[dict[str, Any]]) -> float:
    """Expected calibration error in ten bins (Guo et al. 2017), 0…1."""
    error = 0.0
    for number in range(BINS):
        inside = [r for r in rows if number / BINS <= min(r["confidence"], 0.9999) < (number + 1) / BINS]
        if inside:
            right = sum(r["first"] for r in inside) / len(inside)
            said = sum(r["confidence"] for r in inside) / len(inside)
            error += abs(right - said) * len(inside) / len(rows)
    return error


def urgency(rows: list[dict[str, Any]]) -> str:
    """Found and right, for urgent or acute and for acute alone."""
    lines = ["| | found | alarms that are right |", "| --- | ---: | ---: |"]
    for name, least in (("urgent or acute", 2), ("acute", 3)):
        real, alarms = [r for r in rows if r["level"] >= least], [r for r in rows if r["said"] >= least]
        found, right = share([r["said"] >= least for r in real]), share([r["level"] >= least for r in alarms])
        lines.append(f"| {name} ({len(real)} of {len(rows)}) | {found} | {right} |")
    acute = [r for r in rows if r["level"] == 3]
    lines.append(f"| acute, found as urgent or acute | {share([r['said'] >= 2 for r in acute])} | |")
    return "\n".join(lines)


async def understand(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the model makes of each case, beside its labels."""
    from bot.bootstrap import open_house

    rows = []
    async with open_house(temporary=True) as house:
        for case in cases:
            parsed = await house.conversations.understand(case["t"])
            right = {case["topic"], *case.get("also", [])}
            ranked = [item["name"] for item in parsed["intent_ranking"]]
            rows.append(
                {
                    "topic": case["topic"],
                    "group": case["topic"].partition(".")[0],
                    "form": case["form"],
                    "voice": case["voice"],
                    "first": ranked[0] in right,
                    "third": bool(right & set(ranked[:3])),
                    "confidence": parsed["intent_ranking"][0]["confidence"],
                    "away": parsed["intent"]["name"] in ("nlu_fallback", OUT_OF_SCOPE),
                    "level": LEVELS.index(case["u"]),
                    "said": LEVELS.index(parsed["urgency"]),
                }
            )
    return rows


def report(rows: list[dict[str, Any]]) -> str:
    """All tables."""
    inside = [r for r in rows if r["topic"] != OUT_OF_SCOPE]
    outside = [r for r in rows if r["topic"] == OUT_OF_SCOPE]
    return f"""| | |
| --- | ---: |
| topic, in scope ({len(inside)} messages): top 1 | {share([r["first"] for r in inside])} |
| topic, in scope: top 3 | {share([r["third"] for r in inside])} |
| in scope turned away (asked back, or out of scope) | {share([r["away"] for r in inside])} |
| out of scope found ({len(outside)} messages) | {share([r["away"] for r in outside])} |
| expected calibration error | {calibration_error(inside):.3f} |

{urgency(rows)}

{by(inside, "form")}

{by(inside, "voice")}

{by(inside, "group")}"""


def main() -> None:
    from bot.quiet import be_quiet

    be_quiet()
    cases = [json.loads(line) for line in SET.read_text("utf-8").splitlines() if line.strip()]
    tables = report(asyncio.run(understand(cases)))
    print(tables)
    TARGET.write_text(
        f"# Evaluation\n\nMade by `make evaluate` on {date.today().isoformat()}, on the {len(cases)} messages of "
        f"`{SET.relative_to(ROOT)}`: written by other\nhands than the training messages, hard on purpose, and never "
        f"trained on.\n\n{tables}\n",
        "utf-8",
    )


if __name__ == "__main__":
    main()
