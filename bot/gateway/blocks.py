"""Plain text as paragraphs and lists, for a page that a screen reader can walk through."""

from __future__ import annotations

import re

_ITEM = re.compile(r"(?:(\d+)\.|-) +(.*)")

Block = tuple[str, list[str]]
"""``p`` or ``h`` (a line that leads a list) with one line, ``ol`` or ``ul`` with one for each item."""


def blocks(text: str) -> list[Block]:
    """The parts of ``text`` in order. The same rules as ``blocks`` of ``show.js``."""
    found: list[Block] = []
    for line in (line.strip() for line in text.splitlines()):
        if not line:
            continue
        item = _ITEM.fullmatch(line)
        if item is None:
            found.append(("h" if line.endswith(":") else "p", [line]))
            continue
        kind = "ol" if item[1] else "ul"
        if found and found[-1][0] == kind:
            found[-1][1].append(item[2])
        else:
            found.append((kind, [item[2]]))
    return found
