"""Numbers in words and figures, as they are written in messages."""

from __future__ import annotations

from functools import lru_cache

from bot.language.lists import content
from bot.language.tokens import Token

_MOST_DIGITS, _TEN = 2, 10


def number(token: Token, *, small: bool = False) -> int | None:
    """The value of «15» or «femten»; None for a word and for more than two digits.

    ``small``: one and two as well, which are mostly articles and the like.
    """
    text = token.text
    if text.isdecimal():
        return int(text) if len(text) <= _MOST_DIGITS else None
    value = _words().get(text)
    return value if value is not None or not small else _small().get(text)


@lru_cache(maxsize=1)
def _words() -> dict[str, int]:
    read = content("numbers")
    found = {word: value for value, words in read["numbers"].items() for word in words.split()}
    ones = {**{word: value for word, value in found.items() if value < _TEN}, **read["small"]}
    for value, words in read["tens"].items():
        for ten in words.split():
            found[ten] = value
            found |= {ten + one: value + unit for one, unit in ones.items()}
    return found


@lru_cache(maxsize=1)
def _small() -> dict[str, int]:
    return dict(content("numbers")["small"])


@lru_cache(maxsize=1)
def ordinals() -> dict[str, int]:
    """«niende» and its value, 1 to 10."""
    return {word: value for value, words in content("numbers")["ordinals"].items() for word in words.split()}
