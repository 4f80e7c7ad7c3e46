"""Build bot/language/data/languages.tsv: how likely letters follow each other, language by language.

    python -m tools.languages lingua_language_detector-1.3.5-py3-none-any.whl

The figures are those of lingua 1.3.5 (Apache-2.0), which holds them as data; brotli unpacks them. Only the commonest
are kept. Languages that it lacks are counted over their words in languages.yml.
"""

from __future__ import annotations

import json
import math
import sys
import zipfile
from collections import Counter, defaultdict
from fractions import Fraction
from pathlib import Path

import brotli
import yaml

DATA = Path(__file__).resolve().parent.parent / "bot" / "language" / "data"
LANGUAGES = (
    *("nb", "nn", "en", "da", "sv", "de", "fr", "es", "it", "pt", "nl", "so", "tr", "pl", "sq", "sw", "tl", "ro", "lt"),
    *("bs", "fi", "vi"),
)
OWN = ("ku", "ur-Latn", "ar-Latn")
_SIZES = ("uni", "bi", "tri")
_KEPT = 2500
_TENTHS = 10.0
_SMOOTHING = 2.0


def of_lingua(wheel: zipfile.ZipFile, language: str) -> dict[str, float]:
    """The conditional probability of each n-gram's last letter (natural logarithm), for 1–3 letters."""
    found: dict[str, float] = {}
    for size in _SIZES:
        packed = wheel.read(f"lingua/language-models/{language}/{size}grams.json.br")
        for share, grams in json.loads(brotli.decompress(packed))["ngrams"].items():
            for gram in grams.split(" "):
                found[gram] = math.log(Fraction(share))
    return found


def of_words(words: list[str]) -> dict[str, float]:
    """The same, counted over a list of words."""
    counts: Counter[str] = Counter()
    for word in words:
        for size in (1, 2, 3):
            counts.update(word[at : at + size] for at in range(len(word) - size + 1))
    letters = sum(count for gram, count in counts.items() if len(gram) == 1)
    share: dict[str, float] = {}
    for gram in sorted(counts, key=len):
        wider = counts[gram[:-1]] if len(gram) > 1 else letters
        shorter = share[gram[1:]] if len(gram) > 1 else 1 / len(counts)
        share[gram] = (counts[gram] + _SMOOTHING * shorter) / (wider + _SMOOTHING)
    return {gram: math.log(value) for gram, value in share.items()}


def commonest(table: dict[str, float]) -> list[str]:
    """The n-grams that are met most; a gram's own probability is the product along it."""

    def met(gram: str) -> float:
        return sum(table.get(gram[max(0, at - 2) : at + 1], -12.0) for at in range(len(gram)))

    return sorted(table, key=lambda gram: (-met(gram), gram))[:_KEPT]


def main() -> None:
    """Write the file."""
    latin = yaml.load((DATA / "languages.yml").read_text("utf-8"), Loader=yaml.BaseLoader)["latin"]
    rows: defaultdict[str, list[str]] = defaultdict(list)
    with zipfile.ZipFile(sys.argv[1]) as wheel:
        tables = {language: of_lingua(wheel, language) for language in LANGUAGES}
    tables |= {language: of_words(latin[language].split()) for language in OWN}
    for language, table in tables.items():
        for gram in commonest(table):
            rows[gram].append(f"{language}={round(-table[gram] * _TENTHS)}")
    lines = [f"{gram}\t{' '.join(shares)}" for gram, shares in sorted(rows.items())]
    (DATA / "languages.tsv").write_text("\n".join(lines) + "\n", "utf-8")
    print(f"{len(tables)} languages, {len(lines)} n-grams")


if __name__ == "__main__":
    main()
