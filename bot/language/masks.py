"""A message with its names and figures masked: what is asked, apart from about whom and when.

«Kan Hodan bli hentet i Garoowe kl 14?» and «Kan Sara bli hentet i Lahore kl 9?» ask the same. A view for statistics,
beside the message itself and its common form. Names are told by their capital letter, so a message in small letters
keeps them.
"""

from __future__ import annotations

from bot.language.normalise import normalise

NAME, FIGURE = "navnord", "tallord"


def masked(text: str) -> str:
    """The common form of ``text``, each word with a capital letter inside a sentence as NAME, and a row of figures as
    one FIGURE. A message in capital letters has no names that can be told."""
    words = text.split()
    shouted = text.isupper()
    kept: list[str] = []
    start = True
    for word in words:
        if any(letter.isdigit() for letter in word):
            if not kept or kept[-1] != FIGURE:
                kept.append(FIGURE)
        elif word[0].isupper() and not start and not shouted:
            kept.append(NAME)
        else:
            kept.append(word)
        start = word[-1] in ".!?"
    return normalise(" ".join(kept)).text
