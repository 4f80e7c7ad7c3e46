"""The alphabet of text messages, GSM 03.38, and how many parts a text takes."""

from __future__ import annotations

from functools import lru_cache

import gsm0338

_CODEC = gsm0338.Codec()
# Typography that editors write and that would turn the whole message into UCS-2 (70 characters a part).
_PLAIN = str.maketrans(
    {
        "«": '"',
        "»": '"',
        "“": '"',
        "”": '"',
        "’": "'",
        "‘": "'",
        "–": "-",
        "—": "-",
        "…": "...",
        "•": "-",
        "„": '"',
        "‚": "'",
        "`": "'",
        "´": "'",
        "‐": "-",
        "\u2011": "-",
        "−": "-",
        "\u00ad": None,
        "\t": " ",
        "\u00a0": " ",
        "\u2009": " ",
        "\u202f": " ",
    }
)


def plain(text: str) -> str:
    """Replace typographic quotes, dashes, dots and spaces by what GSM-7 has. Letters are never touched."""
    return text.translate(_PLAIN)


def foreign_characters(text: str) -> str:
    """The characters of ``text`` that GSM-7 lacks, each once, in order."""
    return "".join(character for character in dict.fromkeys(text) if not _septets(character))


def parts(text: str) -> int:
    """How many SMS parts ``text`` takes.

    GSM-7: 160 septets alone, 153 a part when joined. Anything else is UCS-2: 70 and 67 (3GPP TS 23.040). A character
    of two units (``€`` and its like; what lies outside the first plane of Unicode) is never divided between parts.
    """
    if foreign_characters(text):
        widths, single, joined = [2 if ord(character) > 0xFFFF else 1 for character in text], 70, 67
    else:
        widths, single, joined = [_septets(character) for character in text], 160, 153
    if sum(widths) <= single:
        return 1
    count, room = 1, joined
    for width in widths:
        if width > room:
            count, room = count + 1, joined
        room -= width
    return count


@lru_cache(maxsize=4096)
def _septets(character: str) -> int:
    """One, two for the extension table, none where GSM-7 lacks the character."""
    try:
        return len(_CODEC.encode(character)[0])
    except UnicodeEncodeError:
        return 0
