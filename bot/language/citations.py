"""Provisions as people write them: «bvl 4-6», «strl. § 196», «ekteskapsloven § 16», «paragraf 36 i bvl»."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LAWS = {
    "straffeloven": "strl strl straffelova",
    "ekteskapsloven": "el ekt ektl ekteskapslova",
    "barnelova": "bl barneloven barnelov",
    "barnevernsloven": "bvl bvl barnevernloven barnevernlova barnevernslova",
    "passloven": "passl passlova",
    "utlendingsloven": "utl utlendingslova",
    "utlendingsforskriften": "utf utlf",
    "statsborgerloven": "sbl statsborgarlova",
    "lov_om_saerskilt_innsats": "nsk",
    "krisesenterlova": "krisesenterloven krl",
    "sosialtjenesteloven": "sotjl sotj stjl",
    "pasient_og_brukerrettighetsloven": "pbrl pasientrettighetsloven",
    "helsepersonelloven": "hpl hlspl",
    "opplaeringslova": "oppl opplæringslova opplæringsloven opplæringslov",
    "opplaeringsforskrifta": "opplf opplæringsforskrifta opplæringsforskriften",
    "trossamfunnsloven": "trossl tros",
    "rettshjelploven": "rhl rettshjelpsloven",
    "tolkeloven": "tolkel",
    "likestillings_og_diskrimineringsloven": "ldl diskrimineringsloven",
    "straffeprosessloven": "strpl",
    "vergemaalsloven": "vgml vergemålsloven",
    "forvaltningsloven": "fvl forvl",
    "folkeregisterloven": "folkrl",
    "voldserstatningsloven": "voldl voerstl",
    "utenrikstjenesteloven": "utjl",
    "familievernkontorloven": "fvkl",
}
"""The id of each law's source, and the short forms that it goes by."""

_NAMES = {name: law for law, names in _LAWS.items() for name in (law, *names.split())}
_NAME = "|".join(sorted(map(re.escape, _NAMES), key=len, reverse=True))
_PARAGRAPH = r"(?:§+|paragraf|par\.?)?\s*(\d{1,3}(?:\s?[-–]\s?\d{1,2})?\s?[a-z]?)"
_AFTER = re.compile(rf"\b({_NAME})\b\.?,?\s*{_PARAGRAPH}(?!\w)", re.IGNORECASE)
_BEFORE = re.compile(
    rf"(?:§+|paragraf)\s*(\d{{1,3}}(?:\s?[-–]\s?\d{{1,2}})?\s?[a-z]?)\s+i\s+({_NAME})\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Provision:
    """A law's source id and a paragraph as ``paragraph_key`` writes it."""

    law: str
    paragraph: str


def paragraph_key(text: str) -> str:
    """«§ 4-6», «4 - 6» and «4–6» are «4-6»; «§ 18 b» is «18b»."""
    return re.sub(r"[§\s]", "", text).replace("–", "-").lower()


def provisions(text: str) -> list[Provision]:
    """Every provision that ``text`` names, in order, each once."""
    found = [(match.start(), match.group(1), match.group(2)) for match in _AFTER.finditer(text)]
    found += [(match.start(), match.group(2), match.group(1)) for match in _BEFORE.finditer(text)]
    named = (Provision(_NAMES[name.lower()], paragraph_key(place)) for _, name, place in sorted(found))
    return list(dict.fromkeys(named))
