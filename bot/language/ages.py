"""How old somebody is: «15», «femten», «snart 16», «f. 2009», «i niende», and whose age it is.

A number is an age when the words around it say so, or when it is nearly all that was written. Prices, times, dates,
sections of law, numbers of years and age limits are left alone. The words lie in data/age_context.yml.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.language.age_reader import Age, AgeReader
from bot.language.age_words import SELF, THIRD
from bot.language.relations import Mention, relations_among
from bot.language.tokens import Token, tokens

__all__ = ["Age", "ages_among", "find_ages"]


def find_ages(text: str, today: date | None = None) -> list[Age]:
    """Every age in ``text``, in order. ``today`` counts from a year of birth; None: this day."""
    return ages_among(tokens(text), text, today)


def ages_among(
    message: Sequence[Token], text: str, today: date | None = None, relations: Sequence[Mention] | None = None
) -> list[Age]:
    """The same, for a text that has been split into words and in which the relations have been found."""
    found: list[Age] = []
    reader = AgeReader(message, text, today or date.today())
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


def _people(message: Sequence[Token], relations: Sequence[Mention]) -> list[tuple[int, str]]:
    """Where somebody is named, in order, and who."""
    named = [(relation.start, relation.value) for relation in relations]
    named += [(token.start, "self") for token in message if token.text in SELF]
    named += [(token.start, "other") for token in message if token.text in THIRD]
    return sorted(named)


def _whose(text: str, age: Age, people: Sequence[tuple[int, str]]) -> str | None:
    """The nearest person named before the age in the same sentence."""
    at = bisect_left(people, (age.start, ""))
    opening = max(text.rfind(mark, 0, age.start) for mark in ".!?\n")
    return people[at - 1][1] if at and people[at - 1][0] > opening else None
