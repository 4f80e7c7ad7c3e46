"""Words that are nearly one that is known."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz.distance import OSA

# Two letters may be wrong in a word of this length, else one.
_LONG = 10


def closest(word: str, stems: Iterable[str], *, whole: bool = False) -> str | None:
    """The one of ``stems`` that ``word`` begins with when a letter, or two in a long word, is written otherwise.

    ``whole``: that it is, from end to end. The first letter is taken to be right.
    """
    best: tuple[int, str] | None = None
    for stem in stems:
        limit = 2 if min(len(word), len(stem)) >= _LONG else 1
        if stem[0] != word[0] or len(stem) > len(word) + limit:
            continue
        cuts = () if whole else (len(stem) - 1, len(stem), len(stem) + 1)
        for tried in {word, *(word[:cut] for cut in cuts)}:
            distance = OSA.distance(tried, stem, score_cutoff=limit)
            if distance <= limit and (best is None or distance < best[0]):
                best = distance, stem
    return best[1] if best else None
