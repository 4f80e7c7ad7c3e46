"""Words that tell an age from other numbers, by what they do. The lists lie in data/age_context.yml."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.language.lists import content, words
from bot.language.numbers import number
from bot.language.tokens import Token

(IS, BECOMES, SOON, PERSON, AFTER, YEARS, DURATION_AFTER, DURATION_BEFORE, LIMIT, NOT_AFTER, THINGS,
 COUNTED, CLASS, PAST, SELF, THIRD, ONE) = (
    words("age_context", key)
    for key in ("is", "becomes", "soon", "person", "after", "years", "duration_after", "duration_before",
                "limit_before", "not_after", "things", "counted", "class", "past", "self", "third", "one")
)  # fmt: skip
AND, OR_HALF = frozenset(("og", "å", "and")), frozenset(("halvt", "halv", "halvår", "½"))
BORN = frozenset(("født", "fødd", "f", "født.", "born"))
_GLUED = re.compile(r"(\d{1,2}|[a-zæøå]{3,12}?)(åringen|åringer|åringar|åringa|åring|årig|årige|åra|årene|år|yr|yo)")
VG = re.compile(r"(?:vg|vgs)([123])|([123])vgs?")
OLDEST, OLDEST_PUPIL, FIRST_IN_LOWER = 99, 10, 8
AGE_IN_FIRST_CLASS, AGE_BEFORE_UPPER = 5, 15
# «første klasse» may be at upper secondary school.
EARLY = 3
ROUGHLY = frozenset(("ca", "cirka", "rundt", "omtrent", "about", "around", "kanskje", "sånn"))
OWNERS = words("relations", "owners")
UPPER, UPPER_BEGINS = frozenset(("vgs", "vg", "videregående", "vidaregåande")), ("vg", "videreg", "vidareg")
HAPPENED_AS = frozenset(
    ("gift", "gifta", "giftet", "giftes", "lovet", "lova", "omskåret", "omskjært", "omskoren", "mor")
)
# «barn 3»: how many, unless the message begins so.
MANY = frozenset(("en", "ei", "noen", "barn", "barna", "unger", "gutter", "jenter"))
# What makes a number part of a time, a date, a price, a section of law or a telephone number.
FIGURE_BEFORE = re.compile(r"[§/+#]\s?$|\d[.,:\s]$")
FIGURE_AFTER = re.compile(r"[/%€$]|[.,:\s-]\d")
_PERSON_ENDS = tuple(words("age_context", "person_ends"))
_SHORTEST_JOINED = 6


@lru_cache(maxsize=5_000)
def is_person(word: str) -> bool:
    """Somebody who may have an age: a relation, «jente», «eleven», «nabojenta»."""
    return word in PERSON or word in _relatives() or (len(word) >= _SHORTEST_JOINED and word.endswith(_PERSON_ENDS))


@lru_cache(maxsize=1)
def _relatives() -> frozenset[str]:
    return frozenset(form for forms in content("relations")["forms"].values() for form in forms.split())


@lru_cache(maxsize=1)
def months() -> frozenset[str]:
    """Names of the months."""
    return words("times", "month_names")


def glued(word: str) -> tuple[int, str] | None:
    """«15år», «femtenåring»."""
    match = _GLUED.fullmatch(word)
    if match is None:
        return None
    value = number(Token(match[1], 0, 0, False, False, False))
    return None if value is None else (value, match[2])
