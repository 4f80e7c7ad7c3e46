"""Which script is a message written in, and which language of that script."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

FILE = Path(__file__).parent / "data" / "languages.yml"
LATIN = "latin"
# The first letter of each block of Unicode, and the script it begins; ISO 639-1 where the script has one language here.
_BLOCKS = (
    (0x0000, LATIN),
    (0x0370, "el"),
    (0x0400, "cyrillic"),
    (0x0530, "hy"),
    (0x0590, "he"),
    (0x0600, "arabic"),
    (0x0700, "unknown"),
    (0x0750, "arabic"),
    (0x0780, "unknown"),
    (0x0900, "hi"),
    (0x0980, "bn"),
    (0x0A00, "pa"),
    (0x0A80, "gu"),
    (0x0B00, "unknown"),
    (0x0B80, "ta"),
    (0x0C00, "unknown"),
    (0x0D80, "si"),
    (0x0E00, "th"),
    (0x0E80, "unknown"),
    (0x10A0, "ka"),
    (0x1100, "ko"),
    (0x1200, "ethiopic"),
    (0x13A0, "unknown"),
    (0x1E00, LATIN),
    (0x1F00, "el"),
    (0x2000, "unknown"),
    (0x3040, "ja"),
    (0x3130, "unknown"),
    (0x3400, "zh"),
    (0xA000, "unknown"),
    (0xAC00, "ko"),
    (0xD7B0, "unknown"),
    (0xFB00, LATIN),
    (0xFB50, "arabic"),
    (0xFE00, "unknown"),
    (0xFE70, "arabic"),
    (0xFF00, "unknown"),
)
_MARKS = re.compile(r"[\u0300-\u036f\u064b-\u065f\u0670\u200b-\u200f]")
# A word with a letter that only one language has weighs like three of its common words.
_STRONG = 3


@dataclass(frozen=True)
class _Signs:
    strong: frozenset[str]
    letters: frozenset[str]
    words: frozenset[str]

    def score(self, word: str) -> int:
        """How much ``word`` says for the language."""
        letters = frozenset(word)
        return (
            _STRONG * (not self.strong.isdisjoint(letters))
            + (not self.letters.isdisjoint(letters))
            + (word in self.words)
        )


def script(words: Sequence[str]) -> str:
    """The script that most letters of ``words`` are of: ``latin``, ``arabic``, ``cyrillic``, ``ethiopic``, the code of
    a language with a script of its own, or ``unknown``."""
    counts: Counter[str] = Counter()
    for word in words:
        counts[_script_of(word[0])] += len(word)
    return counts.most_common(1)[0][0] if counts else "unknown"


def language(name: str, words: Sequence[str]) -> str:
    """The language of ``words`` written in the script ``name``, not Latin."""
    rivals = _signs().get(name)
    if rivals is None:
        return name
    plain = [_MARKS.sub("", word) for word in words]
    first = next(iter(rivals))
    scores = {code: sum(map(signs.score, plain)) for code, signs in rivals.items()}
    best = max(scores.values())
    return first if scores[first] == best else max(scores, key=lambda code: scores[code])


@lru_cache(maxsize=4096)
def _script_of(letter: str) -> str:
    code, found = ord(letter), LATIN
    for start, name in _BLOCKS:
        if start > code:
            break
        found = name
    return found


@lru_cache(maxsize=1)
def _signs() -> dict[str, dict[str, _Signs]]:
    content = yaml.load(FILE.read_text("utf-8"), Loader=yaml.BaseLoader)["scripts"]
    return {
        name: {
            code: _Signs(
                frozenset(entry.get("strong", "")),
                frozenset(entry.get("letters", "")),
                frozenset(entry["words"].split()),
            )
            for code, entry in rivals.items()
        }
        for name, rivals in content.items()
    }
