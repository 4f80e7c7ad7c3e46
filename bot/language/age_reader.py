"""Reads one age after another from a message's words. See bot.language.ages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.language.age_words import (
    AFTER,
    AGE_BEFORE_UPPER,
    AGE_IN_FIRST_CLASS,
    AND,
    BECOMES,
    BORN,
    CLASS,
    COUNTED,
    DURATION_AFTER,
    DURATION_BEFORE,
    EARLY,
    FIGURE_AFTER,
    FIGURE_BEFORE,
    FIRST_IN_LOWER,
    HAPPENED_AS,
    IS,
    LIMIT,
    MANY,
    NOT_AFTER,
    OLDEST,
    OLDEST_PUPIL,
    ONE,
    OR_HALF,
    OWNERS,
    PAST,
    ROUGHLY,
    SELF,
    SOON,
    THINGS,
    THIRD,
    UPPER,
    UPPER_BEGINS,
    VG,
    YEARS,
    glued,
    is_person,
    months,
)
from bot.language.numbers import number, ordinals
from bot.language.tokens import Token


@dataclass(frozen=True)
class Age:
    """An age in a text, the characters ``start`` to ``end``; ``years`` that are filled now."""

    years: int
    start: int
    end: int
    turning: int | None = None
    """The next birthday when it was named: «snart 16» is 15, turning 16."""
    approximate: bool = False
    """Worked out from a class at school, a year of birth or «i 20-årene»."""
    past: bool = False
    """«da jeg var 12»."""
    whose: str | None = None
    """``self``, ``other`` (he, she), a value of data/relations.yml, or None where the text does not say."""


class AgeReader:
    """Reads ages from the words of one message."""

    def __init__(self, message: Sequence[Token], text: str, today: date) -> None:
        self._message, self._source, self._today = message, text, today

    def _text(self, at: int) -> str:
        return self._message[at].text if 0 <= at < len(self._message) else ""

    def _ends(self, at: int) -> bool:
        """A sentence, a clause or the message ends after the word ``at``."""
        if at + 1 >= len(self._message):
            return True
        between = self._source[self._message[at].end : self._message[at + 1].start]
        return any(mark in between for mark in ".,!?;:)\n–-")

    def age_at(self, at: int, found: Sequence[Age]) -> tuple[Age | None, int]:
        """The age that begins at the word ``at``, if any, and the last word that was read."""
        token = self._message[at]
        joined = glued(token.text)
        if joined is not None:
            value, ending = joined
            return (None, at) if self._is_duration(at, at, ending) else (self._make(value, at, at), at)
        years = number(token)
        return self._school_or_born(at) if years is None else self._number_at(at, years, found)

    def _number_at(self, at: int, value: int, found: Sequence[Age]) -> tuple[Age | None, int]:
        if value > OLDEST or self._is_in_figure(at):
            return None, at
        last = self._half(at)
        following = self._text(last + 1)
        if following in YEARS:
            if self._is_duration(at, last + 1, "år"):
                return None, last + 1
            end = last + 2 if self._text(last + 2).startswith(("gam", "gml", "old")) else last + 1
            return self._make(value, at, end), end
        if following.startswith("åring"):
            return self._make(value, at, last + 1), last + 1
        if following in ("årene", "åra", "årsalderen"):
            return self._make(value, at, last + 1, approximate=True), last + 1
        if following in UPPER and value <= EARLY:
            return self._make(value + AGE_BEFORE_UPPER, at, last + 1, approximate=True), last + 1
        if (following in CLASS or following.startswith("klassing")) and value <= OLDEST_PUPIL:
            return self._pupil(at, last + 1, value), last + 1
        if self._is_class_with_a_dot(at, value):
            return self._make(value + AGE_IN_FIRST_CLASS, at, at, approximate=True), at
        counts = following in COUNTED or (last + 1 < len(self._message) and self._message[last + 1].joined)
        if not counts and self._reads_as_age(at, last, found):
            return self._make(value, at, last), last
        return None, last

    def _pupil(self, first: int, last: int, grade: int) -> Age | None:
        """«8. klasse»; the lowest classes may be those of upper secondary school, and then they have to say so."""
        upper = any(self._text(last + ahead).startswith(UPPER_BEGINS) for ahead in (1, 2, 3))
        before = AGE_BEFORE_UPPER if upper and grade <= EARLY else AGE_IN_FIRST_CLASS
        if grade <= EARLY and not upper and not self._text(last).startswith("klassing"):
            return None
        return self._make(grade + before, first, last, approximate=True)

    def _is_class_with_a_dot(self, at: int, value: int) -> bool:
        """«går i 9.»"""
        dot = self._source[self._message[at].end : self._message[at].end + 1] == "."
        return dot and self._text(at - 1) == "i" and FIRST_IN_LOWER <= value <= OLDEST_PUPIL and not self._is_date(at)

    def _is_date(self, at: int) -> bool:
        return self._text(at + 1) in months() or self._text(at + 1).isdecimal()

    def _half(self, at: int) -> int:
        """«atten og et halvt» goes on to «halvt»."""
        for reach in (3, 2):
            if self._text(at + reach) in OR_HALF and self._text(at + 1) in (*AND, "en", "et"):
                return at + reach
        return at

    def _reads_as_age(self, at: int, last: int, found: Sequence[Age]) -> bool:
        base = at - 1 if self._text(at - 1) in ROUGHLY else at
        before, second, third = (self._text(base - back) for back in (1, 2, 3))
        if before in NOT_AFTER or before in LIMIT or second in LIMIT:
            return False
        goes_on = self._ends(last) or self._text(last + 1) in AFTER
        if before in IS | BECOMES | SOON:
            somebody = second in SELF | THIRD or is_person(second) or third in SELF | THIRD
            return not {second, third} & THINGS and (goes_on or somebody)
        if before == "som" and second in HAPPENED_AS:
            return True
        if before in ("på", "of") and any(is_person(self._text(base - back)) for back in (2, 3, 4)):
            return True
        if before in OWNERS and is_person(second) and goes_on:
            return True  # «broren min 15 er …»
        if before in ("og", "å") and second in ONE and goes_on:
            return True  # «gutt og 16»
        if is_person(before) and before not in SELF | THIRD and (at == 1 or before not in MANY):
            return goes_on or before in ONE
        if found and self._follows(found[-1], at):
            return goes_on  # «på 3 og 5», «5, 7 og 9»
        if at and goes_on and self._stands_apart(at, last):
            return True
        return at == 0 and (self._ends(last) or self._text(last + 1) in ("uten", "uta", "bor", "bur"))

    def _follows(self, age: Age, at: int) -> bool:
        between = self._source[age.end : self._message[at].start].strip().lower()
        return between in ("og", "å", "and", "&", ",", "eller")

    def _stands_apart(self, at: int, last: int) -> bool:
        """«Gift, 27, bor …», «klienten (20)»: between two commas or in brackets."""
        before = self._source[self._message[at - 1].end : self._message[at].start].strip()
        after = self._source[self._message[last].end : self._message[last].end + 2].strip()
        if before.endswith("(") and after[:1] == ")":
            return self._message[at - 1].text.isalpha() and len(self._message[at - 1].text) > 1
        if before == "," and is_person(self._text(at - 1)) and self._text(at - 1) not in SELF | THIRD:
            return True  # «to jenter, 11 og 13»
        beside = (self._text(at - 1), self._text(last + 1))
        return before == "," and after[:1] == "," and not any(word.isdecimal() for word in beside)

    def _is_duration(self, at: int, last: int, ending: str) -> bool:
        """«i 15 år», «for 3 år siden», «under 18 år»: no age. ``last`` is the word with the years."""
        if ending.startswith("åring"):
            return False
        before, after = self._text(at - 1), self._text(last + 1)
        if before == "på":
            return not any(is_person(self._text(at - back)) for back in (2, 3, 4))
        if is_person(before):
            return before in SELF | THIRD and self._text(at - 2) in DURATION_BEFORE
        if after.startswith(("gam", "gml")) and before not in LIMIT:
            return False
        if after.startswith("grens") or (before == "er" and self._text(at - 2).endswith("grensen")):
            return True
        if self._text(at - 2) in LIMIT or any("grense" in self._text(at - back) for back in range(1, 11)):
            return True
        if before in SOON:
            return False
        if before in ("borte", "bodd", "vekke", "her", "der") or self._text(at - 2) in ("bodd", "vart"):
            return True
        unbroken = self._source[self._message[at - 1].end : self._message[at].start] == " " if at else False
        if unbroken and self._text(at - 2) == "i":
            return True  # «vært i Norge 2 år»
        return before in DURATION_BEFORE or before in NOT_AFTER or (after in DURATION_AFTER and after != "på")

    def _is_in_figure(self, at: int) -> bool:
        """The number is part of a time, a date, a price or a telephone number."""
        token = self._message[at]
        if not token.text.isdecimal():
            return False
        before, after = self._source[max(0, token.start - 2) : token.start], self._source[token.end : token.end + 2]
        if FIGURE_BEFORE.search(before) or FIGURE_AFTER.match(after):
            return True
        return after[:1] == "." and self._text(at + 1) in months()

    def _school_or_born(self, at: int) -> tuple[Age | None, int]:
        token = self._message[at]
        ordinal = ordinals().get(token.text)
        if ordinal is None and not token.text[:1].isdigit() and token.text[:2] != "vg":
            return None, at
        before, after = self._text(at - 1), self._text(at + 1)
        upper = VG.fullmatch(token.text)
        if upper and not (at + 1 < len(self._message) and self._message[at + 1].joined):
            return self._make(AGE_BEFORE_UPPER + int(upper[1] or upper[2]), at, at, approximate=True), at
        if ordinal is not None:
            return self._in_class(at, ordinal, before, after)
        if token.text.isdecimal() and len(token.text) == 4 and self._is_birth(at):
            years = self._today.year - int(token.text) - 1
            if 0 <= years <= OLDEST:
                return self._make(years, at, at, approximate=True), at
        return None, at

    def _in_class(self, at: int, ordinal: int, before: str, after: str) -> tuple[Age | None, int]:
        if ordinal <= EARLY and after.startswith(UPPER_BEGINS):
            return self._make(AGE_BEFORE_UPPER + ordinal, at, at + 1, approximate=True), at + 1
        if after in CLASS:
            return self._pupil(at, at + 1, ordinal), at + 1
        if before == "i" and ordinal >= 5 and (self._ends(at) or after in AFTER or after == "borte"):
            return self._make(AGE_IN_FIRST_CLASS + ordinal, at, at, approximate=True), at
        return None, at

    def _is_birth(self, at: int) -> bool:
        return any(self._text(at - back) in BORN for back in (1, 2, 3))

    def _make(self, years: int, first: int, last: int, *, approximate: bool = False) -> Age:
        before = self._text(first - 1)
        coming = before in ("snart", "straks", "nesten", "blir", "fyller", "vert", "fylle", "bli", "fyll")
        coming = coming or (before == "jeg" and self._text(first - 2) in ("fyller", "blir"))
        past = before in PAST and any(self._text(first - back) in ("da", "når", "when") for back in (2, 3, 4))
        start, end = self._message[first].start, self._message[last].end
        if coming and years > 0 and not approximate:
            return Age(years - 1, start, end, turning=years, past=past)
        return Age(years, start, end, approximate=approximate, past=past)
