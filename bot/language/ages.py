"""How old somebody is: «15», «femten», «snart 16», «f. 2009», «i niende», and whose age it is.

A number is an age when the words around it say so, or when it is nearly all that was written. Prices, times, dates,
sections of law, numbers of years and age limits are left alone. The words lie in data/age_context.yml.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from bot.language.lists import content, words
from bot.language.numbers import number, ordinals
from bot.language.relations import Mention, relations_among
from bot.language.tokens import Token, tokens

(_IS, _BECOMES, _SOON, _PERSON, _AFTER, _YEARS, _DURATION_AFTER, _DURATION_BEFORE, _LIMIT, _NOT_AFTER, _THINGS,
 _COUNTED, _CLASS, _PAST, _SELF, _THIRD, _ONE) = (
    words("age_context", key)
    for key in ("is", "becomes", "soon", "person", "after", "years", "duration_after", "duration_before",
                "limit_before", "not_after", "things", "counted", "class", "past", "self", "third", "one")
)  # fmt: skip
_AND, _OR_HALF = frozenset(("og", "å", "and")), frozenset(("halvt", "halv", "halvår", "½"))
_BORN = frozenset(("født", "fødd", "f", "født.", "born"))
_GLUED = re.compile(r"(\d{1,2}|[a-zæøå]{3,12}?)(åringen|åringer|åringar|åringa|åring|årig|årige|åra|årene|år|yr|yo)")
_VG = re.compile(r"(?:vg|vgs)([123])|([123])vgs?")
_OLDEST, _OLDEST_PUPIL, _FIRST_IN_LOWER = 99, 10, 8
_AGE_IN_FIRST_CLASS, _AGE_BEFORE_UPPER = 5, 15
# «første klasse» may be at upper secondary school.
_EARLY = 3
_ROUGHLY = frozenset(("ca", "cirka", "rundt", "omtrent", "about", "around", "kanskje", "sånn"))
_OWNERS = words("relations", "owners")
_UPPER, _UPPER_BEGINS = frozenset(("vgs", "vg", "videregående", "vidaregåande")), ("vg", "videreg", "vidareg")
_HAPPENED_AS = frozenset(
    ("gift", "gifta", "giftet", "giftes", "lovet", "lova", "omskåret", "omskjært", "omskoren", "mor")
)
# «barn 3»: how many, unless the message begins so.
_MANY = frozenset(("en", "ei", "noen", "barn", "barna", "unger", "gutter", "jenter"))
_PERSON_ENDS = (
    "jente",
    "jenta",
    "gutt",
    "gutten",
    "mann",
    "mannen",
    "kvinne",
    "dame",
    "elev",
    "sønn",
    "datter",
    "barnet",
)


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


def find_ages(text: str, today: date | None = None) -> list[Age]:
    """Every age in ``text``, in order. ``today`` counts from a year of birth; None: this day."""
    return ages_among(tokens(text), text, today)


def ages_among(
    message: Sequence[Token], text: str, today: date | None = None, relations: Sequence[Mention] | None = None
) -> list[Age]:
    """The same, for a text that has been split into words and in which the relations have been found."""
    found: list[Age] = []
    reader = _Reader(message, text, today or date.today())
    at = 0
    while at < len(message):
        age, last = reader.age_at(at, found)
        if age is not None:
            found.append(age)
        at = last + 1
    if not found:
        return found
    known = relations_among(message) if relations is None else relations
    people = _people(message, known)
    return [replace(age, whose=_whose(text, age, people)) for age in found]


class _Reader:
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
        glued = _glued(token.text)
        if glued is not None:
            value, ending = glued
            return (None, at) if self._is_duration(at, at, ending) else (self._make(value, at, at), at)
        years = number(token)
        return self._school_or_born(at) if years is None else self._number_at(at, years, found)

    def _number_at(self, at: int, value: int, found: Sequence[Age]) -> tuple[Age | None, int]:
        if value > _OLDEST or self._is_in_figure(at):
            return None, at
        last = self._half(at)
        following = self._text(last + 1)
        if following in _YEARS:
            if self._is_duration(at, last + 1, "år"):
                return None, last + 1
            end = last + 2 if self._text(last + 2).startswith(("gam", "gml", "old")) else last + 1
            return self._make(value, at, end), end
        if following.startswith("åring"):
            return self._make(value, at, last + 1), last + 1
        if following in ("årene", "åra", "årsalderen"):
            return self._make(value, at, last + 1, approximate=True), last + 1
        if following in _UPPER and value <= _EARLY:
            return self._make(value + _AGE_BEFORE_UPPER, at, last + 1, approximate=True), last + 1
        if (following in _CLASS or following.startswith("klassing")) and value <= _OLDEST_PUPIL:
            return self._pupil(at, last + 1, value), last + 1
        if self._is_class_with_a_dot(at, value):
            return self._make(value + _AGE_IN_FIRST_CLASS, at, at, approximate=True), at
        counts = following in _COUNTED or (last + 1 < len(self._message) and self._message[last + 1].joined)
        if not counts and self._reads_as_age(at, last, found):
            return self._make(value, at, last), last
        return None, last

    def _pupil(self, first: int, last: int, grade: int) -> Age | None:
        """«8. klasse»; the lowest classes may be those of upper secondary school, and then they have to say so."""
        upper = any(self._text(last + ahead).startswith(_UPPER_BEGINS) for ahead in (1, 2, 3))
        before = _AGE_BEFORE_UPPER if upper and grade <= _EARLY else _AGE_IN_FIRST_CLASS
        if grade <= _EARLY and not upper and not self._text(last).startswith("klassing"):
            return None
        return self._make(grade + before, first, last, approximate=True)

    def _is_class_with_a_dot(self, at: int, value: int) -> bool:
        """«går i 9.»"""
        dot = self._source[self._message[at].end : self._message[at].end + 1] == "."
        return dot and self._text(at - 1) == "i" and _FIRST_IN_LOWER <= value <= _OLDEST_PUPIL and not self._is_date(at)

    def _is_date(self, at: int) -> bool:
        return self._text(at + 1) in _months() or self._text(at + 1).isdecimal()

    def _half(self, at: int) -> int:
        """«atten og et halvt» goes on to «halvt»."""
        for reach in (3, 2):
            if self._text(at + reach) in _OR_HALF and self._text(at + 1) in (*_AND, "en", "et"):
                return at + reach
        return at

    def _reads_as_age(self, at: int, last: int, found: Sequence[Age]) -> bool:
        base = at - 1 if self._text(at - 1) in _ROUGHLY else at
        before, second, third = (self._text(base - back) for back in (1, 2, 3))
        if before in _NOT_AFTER or before in _LIMIT or second in _LIMIT:
            return False
        goes_on = self._ends(last) or self._text(last + 1) in _AFTER
        if before in _IS | _BECOMES | _SOON:
            somebody = second in _SELF | _THIRD or _is_person(second) or third in _SELF | _THIRD
            return not {second, third} & _THINGS and (goes_on or somebody)
        if before == "som" and second in _HAPPENED_AS:
            return True
        if before in ("på", "of") and any(_is_person(self._text(base - back)) for back in (2, 3, 4)):
            return True
        if before in _OWNERS and _is_person(second) and goes_on:
            return True  # «broren min 15 er …»
        if before in ("og", "å") and second in _ONE and goes_on:
            return True  # «gutt og 16»
        if _is_person(before) and before not in _SELF | _THIRD and (at == 1 or before not in _MANY):
            return goes_on or before in _ONE
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
        if before == "," and _is_person(self._text(at - 1)) and self._text(at - 1) not in _SELF | _THIRD:
            return True  # «to jenter, 11 og 13»
        beside = (self._text(at - 1), self._text(last + 1))
        return before == "," and after[:1] == "," and not any(word.isdecimal() for word in beside)

    def _is_duration(self, at: int, last: int, ending: str) -> bool:
        """«i 15 år», «for 3 år siden», «under 18 år»: no age. ``last`` is the word with the years."""
        if ending.startswith("åring"):
            return False
        before, after = self._text(at - 1), self._text(last + 1)
        if before == "på":
            return not any(_is_person(self._text(at - back)) for back in (2, 3, 4))
        if _is_person(before):
            return before in _SELF | _THIRD and self._text(at - 2) in _DURATION_BEFORE
        if after.startswith(("gam", "gml")) and before not in _LIMIT:
            return False
        if after.startswith("grens") or (before == "er" and self._text(at - 2).endswith("grensen")):
            return True
        if self._text(at - 2) in _LIMIT or any("grense" in self._text(at - back) for back in range(1, 11)):
            return True
        if before in _SOON:
            return False
        if before in ("borte", "bodd", "vekke", "her", "der") or self._text(at - 2) in ("bodd", "vart"):
            return True
        unbroken = self._source[self._message[at - 1].end : self._message[at].start] == " " if at else False
        if unbroken and self._text(at - 2) == "i":
            return True  # «vært i Norge 2 år»
        return before in _DURATION_BEFORE or before in _NOT_AFTER or (after in _DURATION_AFTER and after != "på")

    def _is_in_figure(self, at: int) -> bool:
        """The number is part of a time, a date, a price or a telephone number."""
        token = self._message[at]
        if not token.text.isdecimal():
            return False
        before, after = self._source[max(0, token.start - 2) : token.start], self._source[token.end : token.end + 2]
        if before[-1:] in ("§", "/", "+", "#") or (before[-1:] in (".", ",", ":") and before[:1].isdigit()):
            return True
        if before.strip() == "§" or after[:1] in ("/", "%", "€", "$") or (after[:1] in ".,:" and after[1:].isdigit()):
            return True
        if after[:1] == "-" and after[1:].isdigit():
            return True
        neighbours = (
            self._text(at - 1) if before == " " * len(before) or before[-1:] == " " else "",
            self._text(at + 1),
        )
        close = at + 1 < len(self._message) and self._message[at + 1].start - token.end == 1
        if (neighbours[0].isdecimal() and self._message[at - 1].end == token.start - 1) or (
            close and neighbours[1].isdecimal()
        ):
            return True
        return after[:1] == "." and self._text(at + 1) in _months() | _CLASS and self._text(at + 1) not in _CLASS

    def _school_or_born(self, at: int) -> tuple[Age | None, int]:
        token = self._message[at]
        ordinal = ordinals().get(token.text)
        if ordinal is None and not token.text[:1].isdigit() and token.text[:2] != "vg":
            return None, at
        before, after = self._text(at - 1), self._text(at + 1)
        upper = _VG.fullmatch(token.text)
        if upper and not (at + 1 < len(self._message) and self._message[at + 1].joined):
            return self._make(_AGE_BEFORE_UPPER + int(upper[1] or upper[2]), at, at, approximate=True), at
        if ordinal is not None:
            return self._in_class(at, ordinal, before, after)
        if token.text.isdecimal() and len(token.text) == 4 and self._is_birth(at):
            years = self._today.year - int(token.text) - 1
            if 0 <= years <= _OLDEST:
                return self._make(years, at, at, approximate=True), at
        return None, at

    def _in_class(self, at: int, ordinal: int, before: str, after: str) -> tuple[Age | None, int]:
        if ordinal <= _EARLY and after.startswith(_UPPER_BEGINS):
            return self._make(_AGE_BEFORE_UPPER + ordinal, at, at + 1, approximate=True), at + 1
        if after in _CLASS:
            return self._pupil(at, at + 1, ordinal), at + 1
        if before == "i" and ordinal >= 5 and (self._ends(at) or after in _AFTER or after == "borte"):
            return self._make(_AGE_IN_FIRST_CLASS + ordinal, at, at, approximate=True), at
        return None, at

    def _is_birth(self, at: int) -> bool:
        return any(self._text(at - back) in _BORN for back in (1, 2, 3))

    def _make(self, years: int, first: int, last: int, *, approximate: bool = False) -> Age:
        before = self._text(first - 1)
        coming = before in ("snart", "straks", "nesten", "blir", "fyller", "vert", "fylle", "bli", "fyll")
        coming = coming or (before == "jeg" and self._text(first - 2) in ("fyller", "blir"))
        past = before in _PAST and any(self._text(first - back) in ("da", "når", "when") for back in (2, 3, 4))
        start, end = self._message[first].start, self._message[last].end
        if coming and years > 0 and not approximate:
            return Age(years - 1, start, end, turning=years, past=past)
        return Age(years, start, end, approximate=approximate, past=past)


def _glued(word: str) -> tuple[int, str] | None:
    """«15år», «femtenåring»."""
    match = _GLUED.fullmatch(word)
    if match is None:
        return None
    value = number(Token(match[1], 0, 0, False, False, False))
    return None if value is None else (value, match[2])


def _people(message: Sequence[Token], relations: Sequence[Mention]) -> list[tuple[int, str]]:
    """Where somebody is named, in order, and who."""
    named = [(relation.start, relation.value) for relation in relations]
    named += [(token.start, "self") for token in message if token.text in _SELF]
    named += [(token.start, "other") for token in message if token.text in _THIRD]
    return sorted(named)


def _whose(text: str, age: Age, people: Sequence[tuple[int, str]]) -> str | None:
    """The nearest person named before the age in the same sentence."""
    at = bisect_left(people, (age.start, ""))
    opening = max(text.rfind(mark, 0, age.start) for mark in ".!?\n")
    return people[at - 1][1] if at and people[at - 1][0] > opening else None


@lru_cache(maxsize=5_000)
def _is_person(word: str) -> bool:
    return word in _PERSON or word in _relatives() or (len(word) > 5 and word.endswith(_PERSON_ENDS))


@lru_cache(maxsize=1)
def _relatives() -> frozenset[str]:
    return frozenset(form for forms in content("relations")["forms"].values() for form in forms.split())


@lru_cache(maxsize=1)
def _months() -> frozenset[str]:
    return words("times", "month_names")
