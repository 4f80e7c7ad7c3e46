"""The table of how common words are spelt in chat, dialect and nynorsk (data/forms.yml)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.language.vocabulary import vocabulary

FILE = Path(__file__).parent / "data" / "forms.yml"
REGIONS = ("nn", "nord", "trond", "berg", "vest", "ost")
"""Where a form is written: nynorsk, Nordnorsk, Trøndersk, Bergensk, Vestlandsk and Østlandsk."""
CHAT = "chat"
# A form that bokmål itself writes this often is not read as another word.
ORDINARY = 5


@dataclass(frozen=True)
class Careful:
    """What a word that has several meanings is read as, and what must stand beside it (``^`` is the start)."""

    to: str
    after: frozenset[str]
    before: frozenset[str]
    never_after: frozenset[str]
    never_before: frozenset[str]
    marked: bool
    """Only in a message that has another form of dialect or nynorsk."""

    def holds(self, previous: str, following: str, marked: bool) -> bool:
        """The rule applies between these two common forms."""
        return (
            (marked or not self.marked)
            and (not self.after or previous in self.after)
            and (not self.before or following in self.before)
            and previous not in self.never_after
            and following not in self.never_before
        )


@dataclass(frozen=True)
class Forms:
    """The table, ready to read with and to write with."""

    common: dict[str, str]
    """Form → common form, one or more words."""
    targets: frozenset[str]
    """The common forms that are one word."""
    marks: frozenset[str]
    """Forms that show dialect or nynorsk."""
    careful: dict[str, tuple[Careful, ...]]
    written: dict[str, dict[str, tuple[str, ...]]]
    """Region → common form → how it is written there; ``chat`` is one of the regions."""


@lru_cache(maxsize=1)
def forms() -> Forms:
    """The table, read once."""
    # Every value as text: «no» is a word here, and not a truth value.
    content = yaml.load(FILE.read_text("utf-8"), Loader=yaml.BaseLoader)
    surely, never = set(content["surely"]), set(content["never"])
    careful: dict[str, list[Careful]] = {}
    for entry in content["careful"]:
        careful.setdefault(entry["form"], []).append(_careful(entry))
    targets = frozenset(entry["to"] for entry in content["words"] if " " not in entry["to"])
    common: dict[str, str] = {}
    marks: set[str] = set()
    written: dict[str, dict[str, tuple[str, ...]]] = {region: {} for region in (*REGIONS, CHAT)}
    for entry in content["words"]:
        to = entry["to"]
        for column in (*REGIONS, CHAT, "also"):
            for form in _column(entry, column):
                if column in written:
                    written[column][to] = (*written[column].get(to, ()), form)
                readable = form in surely or vocabulary().nb.get(form, 0) < ORDINARY
                if " " in form or form in targets or form in never or form in careful or not readable:
                    continue
                common.setdefault(form, to)
                if column in REGIONS:
                    marks.add(form)
    return Forms(common, targets, frozenset(marks), {form: tuple(r) for form, r in careful.items()}, written)


def _column(entry: dict[str, Any], name: str) -> list[str]:
    """The forms of a column. One form of several words stands alone in its column."""
    text = str(entry.get(name, ""))
    return [text] if name in REGIONS and len(text.split()) > 1 and text.split()[0] != "je" else text.split()


def _careful(entry: dict[str, Any]) -> Careful:
    words = {key: frozenset(str(entry.get(key, "")).split()) for key in _LISTS}
    return Careful(to=entry["to"], marked=entry.get("marked") == "true", **words)


_LISTS = ("after", "before", "never_after", "never_before")
