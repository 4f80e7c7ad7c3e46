"""What in a message tells who somebody is: numbers to call, to pay to or to be registered by, and addresses."""

from __future__ import annotations

import re

NUMBER, ADDRESS = "⟨skjult nummer⟩", "⟨skjult adresse⟩"
_ADDRESSES = re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\bhttps?://\S+|\bwww\.\S+|(?<![\w@])@\w[\w.]+", re.IGNORECASE)
# Six figures or more, however they are set apart; a passport's number begins with letters.
_NUMBERS = re.compile(r"(?<!\w)(?:[A-Z]{1,3}[ -]?)?\+?\d(?:[ ./\-\u00a0()]{0,2}\d){5,}(?!\w)")


def hidden(text: str) -> str:
    """``text`` with addresses and long numbers taken out. Names stay: without them nobody can follow what is told."""
    return _NUMBERS.sub(NUMBER, _ADDRESSES.sub(ADDRESS, text))
