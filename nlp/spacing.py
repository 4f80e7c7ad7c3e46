"""Where a space stands in a text of which only the tokens are known, as in NDT (UD's files say it, NDT's do not)."""

from __future__ import annotations

from collections.abc import Sequence

_NO_SPACE_BEFORE = frozenset(".,:;!?)]}%»”…")
_NO_SPACE_AFTER = frozenset("([{«“")
_EITHER_SIDE = frozenset("\"'")


def spaces(forms: Sequence[str]) -> list[bool]:
    """For each token whether a space follows it; the last one has one. Straight quotes open and close by turns."""
    follows = [True] * len(forms)
    opened = dict.fromkeys(_EITHER_SIDE, False)
    for index, form in enumerate(forms):
        before = index - 1
        if form in _EITHER_SIDE:
            if opened[form]:
                _join(follows, before)
            else:
                follows[index] = False
            opened[form] = not opened[form]
        elif form in _NO_SPACE_AFTER:
            follows[index] = False
        elif form[0] in _NO_SPACE_BEFORE:
            _join(follows, before)
    if follows:
        follows[-1] = True
    return follows


def _join(follows: list[bool], index: int) -> None:
    if index >= 0:
        follows[index] = False
