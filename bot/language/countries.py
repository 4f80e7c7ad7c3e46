"""Countries as Norwegians name them, found in running text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale

# What people say beside the official names in CLDR. Keys are lower case.
_EVERYDAY = {
    "usa": "US",
    "england": "GB",
    "kurdistan": "IQ",
    "nord-irak": "IQ",
    "tsjetsjenia": "RU",
    "punjab": "PK",
    "palestina": "PS",
    "gaza": "PS",
    "vestbredden": "PS",
    "emiratene": "AE",
    "dubai": "AE",
    "kongo": "CD",
    "hargeisa": "SO",
    "mogadishu": "SO",
    "somaliland": "SO",
    "puntland": "SO",
    "islamabad": "PK",
    "lahore": "PK",
    "karachi": "PK",
    "gujrat": "PK",
    "kabul": "AF",
    "bagdad": "IQ",
    "erbil": "IQ",
    "basra": "IQ",
    "istanbul": "TR",
    "ankara": "TR",
    "konya": "TR",
    "tyrkiet": "TR",
    "teheran": "IR",
    "damaskus": "SY",
    "aleppo": "SY",
    "amman": "JO",
    "beirut": "LB",
    "kairo": "EG",
    "casablanca": "MA",
    "nairobi": "KE",
    "addis abeba": "ET",
    "asmara": "ER",
    "khartoum": "SD",
    "delhi": "IN",
    "colombo": "LK",
    "pristina": "XK",
}
# Names that are also everyday Norwegian words.
_AMBIGUOUS = {"norge", "noreg", "man", "jersey", "niger"}


@dataclass(frozen=True)
class CountryMention:
    """A country named in a text: ISO 3166-1 alpha-2 ``code`` and the characters ``start`` to ``end``."""

    code: str
    start: int
    end: int


def find_countries(text: str) -> list[CountryMention]:
    """Every country named in ``text``, in order, Norway left out."""
    pattern, codes = _pattern()
    return [
        CountryMention(codes[match.group(1).lower()], match.start(1), match.end(1)) for match in pattern.finditer(text)
    ]


@lru_cache(maxsize=1)
def _pattern() -> tuple[re.Pattern[str], dict[str, str]]:
    codes: dict[str, str] = {}
    for locale in ("nn", "nb"):
        for code, name in Locale.parse(locale).territories.items():
            if len(code) == 2 and code.isalpha():
                codes[name.lower()] = code
    codes.update(_EVERYDAY)
    codes = {
        name: code for name, code in codes.items() if name not in _AMBIGUOUS and code not in ("NO", "ZZ", "EU", "UN")
    }
    longest_first = sorted(codes, key=len, reverse=True)
    # «Pakistans», and «pakistan» inside no longer word.
    return re.compile(rf"(?<!\w)({'|'.join(map(re.escape, longest_first))})s?(?!\w)", re.IGNORECASE), codes
