"""A message as somebody else would have typed it: slips, dropped letters, chat spellings, dialect, nynorsk.

Used while training, so that the model has seen untidy writing of what it knows in tidy writing. Pure: the same text,
rate and seed give the same message. The words come from the same table that the normaliser reads (data/forms.yml).
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from bot.language.forms import CHAT, REGIONS, forms

_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST = 4
"""Letters of a word that slips are made in: shorter ones cannot be read afterwards."""
_ROWS = ("qwertyuiopå", "asdfghjkløæ", "zxcvbnm")
_WITHOUT_RINGS = (str.maketrans({"å": "aa", "ø": "oe", "æ": "ae"}), str.maketrans("åøæ", "aoa"))
_STRETCHED = set("aeiouyæøå")


def _neighbours() -> dict[str, str]:
    near: dict[str, str] = {}
    for number, row in enumerate(_ROWS):
        below = _ROWS[number + 1] if number + 1 < len(_ROWS) else ""
        for place, letter in enumerate(row):
            sides = row[max(0, place - 1) : place] + row[place + 1 : place + 2]
            near[letter] = near.get(letter, "") + sides + below[place : place + 1]
            for other in below[place : place + 1]:
                near[other] = near.get(other, "") + letter
    return near


_NEAR = _neighbours()


def noisy(text: str, *, rate: float = 0.15, seed: int = 0, region: str | None = None) -> str:
    """``text``, untidier: each word with probability ``rate`` (0…1) spelt otherwise, and often in small letters.

    ``region`` (one of REGIONS) writes the words that differ there in its form first, as ``in_region`` does.
    """
    draw = random.Random(f"{seed}:{text}")
    if region is not None:
        text = in_region(text, region, seed=seed)
    text = _in_chat(text, rate, draw)
    text = _WORD.sub(lambda match: _slip(match.group(), draw) if draw.random() < rate else match.group(), text)
    if draw.random() < 2 * rate:
        text = text.translate(draw.choice(_WITHOUT_RINGS))
    if draw.random() < 4 * rate:
        text = text.lower()
    if draw.random() < 3 * rate:
        text = re.sub(r"[.,!?;:]+", "", text)
    return text


def in_region(text: str, region: str, *, rate: float = 1.0, seed: int = 0) -> str:
    """``text`` with its common words as they are written in ``region``; others stay. Raises KeyError for no region."""
    if region not in REGIONS:
        raise KeyError(region)
    return _rewritten(text, forms().written[region], rate, random.Random(f"{seed}:{region}:{text}"))


def _in_chat(text: str, rate: float, draw: random.Random) -> str:
    return _rewritten(text, forms().written[CHAT], min(1.0, 2 * rate), draw)


def _rewritten(text: str, table: dict[str, tuple[str, ...]], rate: float, draw: random.Random) -> str:
    def one(match: re.Match[str]) -> str:
        word = match.group()
        choices = table.get(word.lower())
        if not choices or draw.random() >= rate:
            return word
        chosen = draw.choice(choices)
        return chosen.capitalize() if word[0].isupper() and len(word) > 1 else chosen

    return _WORD.sub(one, text)


def _slip(word: str, draw: random.Random) -> str:
    if len(word) < _SHORTEST:
        return word
    return draw.choice(_SLIPS)(word, draw.randrange(1, len(word)), draw)


def _neighbour(word: str, at: int, draw: random.Random) -> str:
    near = _NEAR.get(word[at].lower())
    return word[:at] + draw.choice(near) + word[at + 1 :] if near else word


def _dropped(word: str, at: int, draw: random.Random) -> str:
    return word[:at] + word[at + 1 :]


def _doubled(word: str, at: int, draw: random.Random) -> str:
    return word[:at] + word[at] + word[at:]


def _swapped(word: str, at: int, draw: random.Random) -> str:
    return word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :] if at > 1 else word


def _stretched(word: str, at: int, draw: random.Random) -> str:
    at = next((place for place in range(at, len(word)) if word[place].lower() in _STRETCHED), at)
    return word[:at] + word[at] * draw.randrange(3, 6) + word[at + 1 :]


_SLIPS: tuple[Callable[[str, int, random.Random], str], ...] = (
    _neighbour,
    _dropped,
    _dropped,
    _doubled,
    _swapped,
    _stretched,
)
