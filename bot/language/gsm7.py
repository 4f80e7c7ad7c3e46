"""The alphabet of text messages, GSM 03.38, and how many parts a text takes."""

from __future__ import annotations

import math

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
        "\u00a0": " ",
    }
)


def plain(text: str) -> str:
    """Replace typographic quotes, dashes, dots and spaces by what GSM-7 has. Letters are never touched."""
    return text.translate(_PLAIN)


def foreign_characters(text: str) -> str:
    """The characters of ``text`` that GSM-7 lacks, each once, in order."""
    missing = ""
    for character in text:
        if character in missing:
            continue
        try:
            _CODEC.encode(character)
        except UnicodeEncodeError:
            missing += character
    return missing


def parts(text: str) -> int:
    """How many SMS parts ``text`` takes.

    GSM-7: 160 septets alone, 153 a part when joined. Anything else is UCS-2: 70 and 67 (3GPP TS 23.040).
    """
    if foreign_characters(text):
        units, single, joined = len(text.encode("utf-16-be")) // 2, 70, 67
    else:
        units, single, joined = len(_CODEC.encode(text)[0]), 160, 153
    return 1 if units <= single else math.ceil(units / joined)
