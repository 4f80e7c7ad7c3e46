"""A message in a common form: how people write, in the spelling that most of what is written has.

«Hjeeelp mæ, pappa læsst mæ inne 😭» and «hjelp meg pappa låst meg inne ⟨gråter⟩» are the same message. The common form
is a second view beside the message itself, for statistics and look-ups; nobody is ever shown it. It has no capital
letters and no punctuation, since many write without, and each part of it points back to where it stood.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from bot.language.forms import forms
from bot.language.spelling import LONGEST, compounds, first_parts, meant

LIMIT = 4000
"""Characters that are read. Twice what a message may hold; what comes after is left out of the common form."""
_FOLDER = Path(__file__).parent / "data"
_WORD = r"[eE]-[^\W\d_]+|[^\W\d_]+(?:['’][^\W\d_]+)*|\d+(?:[.,:]\d+)*"
_SIGN = r"[\u2190-\u21ff\u2600-\u27bf\u2b00-\u2bff\ufe0f\u200d\U0001f000-\U0001faff]"
# Split by either, every second piece is something to read, and the rest lies between. Most messages need only words.
_PLAIN = re.compile(f"({_WORD})")
_RICH = re.compile(rf"({_WORD}|§+|⟨[^⟩\s]{{1,12}}⟩|{_SIGN}{{1,8}})")
_PICTURED = re.compile(rf"[§⟨]|{_SIGN}")
_START = "^"
# Signs that stand before a word while it is read: it needs its neighbours; it shows dialect or nynorsk.
_CAREFUL, _MARK = "\x00", "\x01"
_ROUNDS = 3
# Of the words that need their neighbours, those that show dialect whatever they mean.
_MARKS = frozenset({"kor", "kvar"})


@dataclass(frozen=True)
class Part:
    """A stretch of the common form, and the stretch of the message that it comes from."""

    start: int
    end: int
    original_start: int
    original_end: int


class Normalised:
    """The common form of a message: ``text``, words with single spaces between."""

    __slots__ = ("_pieces", "_read", "text")

    def __init__(self, text: str, pieces: list[str], read: list[str | None]) -> None:
        """``pieces``: the message, what is read at every second place. ``read``: what those are read as, nothing
        (empty) or a part of the word before (None)."""
        self.text = text
        self._pieces = pieces
        self._read = read

    def __repr__(self) -> str:
        return f"Normalised({len(self.text)} characters)"  # never what somebody wrote

    @property
    def parts(self) -> tuple[Part, ...]:
        """Word by word, in order."""
        found: list[Part] = []
        at = place = 0
        for number, read in enumerate(self._read):
            at += len(self._pieces[2 * number])
            piece = self._pieces[2 * number + 1]
            end = at + len(piece)
            if read is None:
                last = found[-1]
                place = last.end + 1
                found[-1] = Part(last.start, last.end, last.original_start, end)
            elif read:
                words = read.split(" ")
                # «ikkenoe» holds its words letter by letter; «mtp» is all of the three that it is read as.
                apart = len(words) > 1 and "".join(words) == piece.lower() and len(piece) == len("".join(words))
                inside = at
                for word in words:
                    span = (inside, inside + len(word)) if apart else (at, end)
                    found.append(Part(place, place + len(word), *span))
                    place += len(word) + 1
                    inside += len(word)
            at = end
        return tuple(found)

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the message that ``text[start:end]`` comes from: whole words, letters where none changed.

        Raises ValueError when the stretch does not lie in ``text`` or holds no letter of it.
        """
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"{start}–{end} is no stretch of a text of {len(self.text)} characters")
        touched = [part for part in self.parts if part.start < end and part.end > start]
        if not touched:
            raise ValueError(f"{start}–{end} holds no word")
        first, last = touched[0], touched[-1]
        return (
            first.original_start + (max(0, start - first.start) if self._unchanged(first) else 0),
            last.original_end - (max(0, last.end - end) if self._unchanged(last) else 0),
        )

    def _unchanged(self, part: Part) -> bool:
        source = "".join(self._pieces)[part.original_start : part.original_end]
        return source.lower() == self.text[part.start : part.end] and len(source) == part.end - part.start


def normalise(text: str) -> Normalised:
    """``text`` in the common form. Never raises; time grows with the first ``LIMIT`` characters and no further."""
    if len(text) > LIMIT:
        text = text[:LIMIT]
    pieces = (_RICH if _PICTURED.search(text) else _PLAIN).split(text)
    words = pieces[1::2]
    usual = len(max(words, key=len, default="")) <= LONGEST
    read: list[str | None] = list(map(_read if usual else _read_any, words))
    joined = " ".join(filter(None, read))
    careful = _CAREFUL in joined or _MARK in joined
    if careful:
        _resolve(read)
    firsts = first_parts()
    compounded = not firsts.isdisjoint(read)
    if compounded:
        _join(read)
    return Normalised(" ".join(filter(None, read)) if careful or compounded else joined, pieces, read)


def _read_any(piece: str) -> str:
    # Words of any length are read, but only what is of a word's length is remembered.
    return _read(piece) if len(piece) <= LONGEST else meant(piece) if piece[0].isalpha() else piece


@lru_cache(maxsize=50_000)
def _read(piece: str) -> str:
    first = piece[0]
    if first.isalpha():
        read, table = meant(piece), forms()
        if read in table.careful and not all(rule.marked for rule in table.careful[read]):
            return _CAREFUL + read
        return _MARK + read if piece.lower() in table.marks else read
    if first.isdigit() or first == "§":
        return piece
    names, pictures = _pictures()
    if first == "⟨":
        return piece if piece in names else ""
    return " ".join(dict.fromkeys(pictures[sign] for sign in piece if sign in pictures))


def _resolve(read: list[str | None]) -> None:
    """Read the words that mean several things by what stands beside them; left as they are where nothing tells."""
    table = forms()
    places = [place for place, word in enumerate(read) if word]
    words = [(read[place] or "").lstrip(_CAREFUL) for place in places]
    marked = any(word[0] == _MARK or word in _MARKS for word in words)
    words = [word.lstrip(_MARK) for word in words]
    open_ = [number for number, word in enumerate(words) if word in table.careful]
    for _ in range(_ROUNDS):
        before = words.copy()
        for number in open_:
            previous = words[number - 1].split(" ")[-1] if number else _START
            following = words[number + 1].split(" ")[0] if number + 1 < len(words) else ""
            rules = table.careful.get(words[number], ())
            rule = next((rule for rule in rules if rule.holds(previous, following, marked)), None)
            words[number] = rule.to if rule else words[number]
        if words == before:
            break
    for place, word in zip(places, words, strict=True):
        read[place] = word


def _join(read: list[str | None]) -> None:
    """Write compounds that were split as one word."""
    written = compounds()
    places = [place for place, word in enumerate(read) if word]
    number = 0
    while number + 1 < len(places):
        first, last = places[number], places[number + 1]
        if f"{read[first]} {read[last]}" in written:
            read[first] = f"{read[first]}{read[last]}"
            read[last] = None
            del places[number + 1]
            number = max(number - 1, 0)
        else:
            number += 1


@lru_cache(maxsize=1)
def _pictures() -> tuple[frozenset[str], dict[str, str]]:
    """The names as they stand in a text, and the name of each sign."""
    content = yaml.safe_load((_FOLDER / "emoji.yml").read_text("utf-8"))
    signs = {sign: f"⟨{name}⟩" for name, row in content.items() for sign in row if sign not in "\ufe0f\u200d♀♂"}
    return frozenset(signs.values()), signs
