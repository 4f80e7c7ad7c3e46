"""Which language is a message in: bokmål (dialect too), nynorsk, English or another?

Each language gives a word a probability, from how common the word is and from its letters; what the words say together
decides (naive Bayes). Who writes here writes Norwegian more often than not, so another language has to be fairly
certain: a message in Norwegian that is taken for something else gets no answer to what it asks.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

from bot.language import scripts
from bot.language.forms import REGIONS, forms
from bot.language.vocabulary import vocabulary

BOKMAL, NYNORSK, ENGLISH, UNKNOWN = "nb", "nn", "en", "unknown"
NORWEGIAN = (BOKMAL, NYNORSK)
# Bokmål as people talk; it is told apart from nynorsk, with which it shares words, and then called bokmål.
_TALK = "nb-talk"
_GRAMS = Path(__file__).parent / "data" / "languages.tsv"
# In chat Arabic a figure stands for a letter («3ayza»).
_WORDS = re.compile(r"(?:[a-z]*[235679][a-z]+)+|[^\W\d_]+(?:['’ʼ\u200c][^\W\d_]+)*", re.IGNORECASE)
_MOST_WORDS, _MOST_CHARACTERS = 60, 1000
_LONGEST = 30
# Natural logarithms. What one word may say for or against a language, so that a name does not decide.
_CAP = 9.0
_UNSEEN_LETTER, _SHORTER = -9.0, -1.2
# How often each is written here, roughly; and by how much another language has to win over Norwegian.
_PRIOR = {BOKMAL: 0.0, _TALK: -3.0, NYNORSK: 0.0, ENGLISH: -2.0}
_PRIOR_OTHER, _PRIOR_RARE = -3.0, -5.0
_RARE = {"sq", "sw", "tl", "ro", "lt", "bs", "fi", "vi", "it", "pt", "nl", "da", "sv"}
_MARGIN = 2.0
# The share of a word's probability that comes from the words that are known, and from its letters.
_FROM_WORDS = 0.6
_SHARED = 0.05
# Below this mean for a letter no language here knows the words.
_GIBBERISH = -3.6


@dataclass(frozen=True)
class Guess:
    """``code``: ISO 639-1 (``ckb`` is Sorani, ``ku`` Kurmanji), or ``unknown``. ``romanised``: in Latin letters where
    the language has others. ``margin``: how much likelier than the next, as a natural logarithm; 0 is not at all."""

    code: str
    margin: float = math.inf
    romanised: bool = False

    @property
    def norwegian(self) -> bool:
        return self.code in NORWEGIAN


def detect(text: str) -> Guess:
    """The language of ``text``. Fewer than three words are often a guess. Never raises; the start of a long text
    decides."""
    words = [word.lower() for word in _WORDS.findall(text[:_MOST_CHARACTERS])[:_MOST_WORDS]]
    script = scripts.script([word for word in words if word[0].isalpha()])
    if script != scripts.LATIN:
        return Guess(scripts.language(script, words))
    latin = [word[:_LONGEST] for word in words]
    table = _table()
    scores = np.sum([_weights(word) for word in latin], axis=0) + table.priors
    best = int(scores.argmax())
    home = int(scores[: table.home].argmax())
    letters = sum(map(len, latin))
    if best >= table.home and scores[best] - scores[home] < _MARGIN:
        best = home
    if _mean(latin, best) < _GIBBERISH:
        return Guess(UNKNOWN, 0.0)
    code = table.codes[best]
    rivals = [score for name, score in zip(table.codes, scores, strict=True) if _said(name) != _said(code)]
    return Guess(_said(code), max(0.0, float(scores[best] - max(rivals))) if letters else 0.0, "-Latn" in code)


def _said(code: str) -> str:
    return BOKMAL if code == _TALK else code.removesuffix("-Latn")


def _mean(words: list[str], language: int) -> float:
    """How likely a letter of ``words`` is in a language, on average."""
    return float(sum(_raw(word)[language] for word in words)) / max(1, sum(map(len, words)))


@dataclass(frozen=True)
class _Table:
    codes: tuple[str, ...]
    home: int
    """The first ``home`` codes are Norwegian."""
    priors: NDArray[np.float64]
    grams: dict[str, NDArray[np.float64]]
    """For one to three letters: how likely the last is after the others, a value a language; NaN where it is rare."""
    words: dict[str, NDArray[np.float64]]


@lru_cache(maxsize=20_000)
def _weights(word: str) -> NDArray[np.float64]:
    raw = _raw(word)
    return np.maximum(raw, raw.max() - _CAP)


@lru_cache(maxsize=20_000)
def _raw(word: str) -> NDArray[np.float64]:
    """The logarithm of the word's probability in each language."""
    table = _table()
    spelt = np.zeros(len(table.codes))
    for at in range(len(word)):
        spelt += _letter(word[max(0, at - 2) : at + 1])
    known = table.words.get(word)
    if known is None:
        return spelt + math.log(1 - _FROM_WORDS)
    return np.logaddexp(known + math.log(_FROM_WORDS), spelt + math.log(1 - _FROM_WORDS))


@lru_cache(maxsize=20_000)
def _letter(gram: str) -> NDArray[np.float64]:
    grams = _table().grams
    found = np.full(len(_table().codes), np.nan)
    for shorter, size in enumerate(range(len(gram), 0, -1)):
        values = grams.get(gram[-size:])
        if values is not None:
            found = np.where(np.isnan(found), values + shorter * _SHORTER, found)
    return np.where(np.isnan(found), _UNSEEN_LETTER, found)


@lru_cache(maxsize=1)
def _table() -> _Table:
    content = yaml.load(scripts.FILE.read_text("utf-8"), Loader=yaml.BaseLoader)["latin"]
    codes = (BOKMAL, _TALK, NYNORSK, *content)
    place = {code: number for number, code in enumerate(codes)}
    shares = _shares({code: words.split() for code, words in content.items()})
    words: dict[str, NDArray[np.float64]] = {}
    for code, table in shares.items():
        for word, share in table.items():
            row = words.setdefault(word, np.full(len(codes), -np.inf))
            row[place[code]] = math.log(share)
    priors = [_PRIOR.get(code, _PRIOR_RARE if code in _RARE else _PRIOR_OTHER) for code in codes]
    return _Table(codes, place[NYNORSK] + 1, np.array(priors), _read_grams(place), words)


def _read_grams(place: dict[str, int]) -> dict[str, NDArray[np.float64]]:
    grams = {}
    for line in _GRAMS.read_text("utf-8").splitlines():
        gram, _, shares = line.partition("\t")
        row = np.full(len(place), np.nan)
        for entry in shares.split(" "):
            code, _, tenths = entry.partition("=")
            row[place[code]] = -int(tenths) / 10
        row[place[_TALK]] = row[place[BOKMAL]]
        grams[gram] = row
    return grams


def _shares(listed: dict[str, list[str]]) -> dict[str, dict[str, float]]:
    """For each language how large a share of what is written each word is."""
    counted = vocabulary()
    shares = {code: _by_rank(words) for code, words in listed.items()}
    bokmal = _by_count(counted.nb)
    # Nynorsk has fewer pages behind its counts; most words that it was not seen with it shares with bokmål.
    shared = {word: share for word, share in bokmal.items() if word not in forms().written["nn"]}
    written = {BOKMAL: bokmal, NYNORSK: _mixed((1 - _SHARED, _by_count(counted.nn)), (_SHARED, shared))}
    english = _by_count(counted.en)
    shares[ENGLISH] = _mixed((0.5, english), (0.5, shares[ENGLISH]))
    spoken = [form for region in REGIONS[1:] for row in forms().written[region].values() for form in row]
    table = [form for form in forms().common if form not in forms().written["nn"]]
    talk = _mixed((0.5, _by_count(counted.talk)), (0.3, _by_rank(spoken)), (0.2, _by_rank(table)))
    return {**shares, **written, _TALK: _mixed((0.4, written[BOKMAL]), (0.6, talk))}


def _by_count(counts: dict[str, int]) -> dict[str, float]:
    total = sum(counts.values())
    return {word: count / total for word, count in counts.items()}


def _by_rank(words: list[str]) -> dict[str, float]:
    """Shares that fall with the place in the list, as they do in any language (Zipf)."""
    weights = {word: 1 / (rank + 12) for rank, word in reversed(list(enumerate(words)))}
    total = sum(weights.values())
    return {word: weight / total for word, weight in weights.items()}


def _mixed(*parts: tuple[float, dict[str, float]]) -> dict[str, float]:
    mixed: dict[str, float] = {}
    for weight, shares in parts:
        for word, share in shares.items():
            mixed[word] = mixed.get(word, 0.0) + weight * share
    return mixed
