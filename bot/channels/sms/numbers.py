"""Which numbers may be answered: by kind and by country, never by who they belong to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberType

HOME = "NO"
_NORWEGIAN_DIGITS = 8
# A premium number is paid by whoever sends to it: by us. Numbers of no country (satellite, «international premium»)
# cost as much.
_COSTLY = {
    PhoneNumberType.PREMIUM_RATE,
    PhoneNumberType.SHARED_COST,
    PhoneNumberType.PERSONAL_NUMBER,
    PhoneNumberType.UAN,
    PhoneNumberType.PAGER,
}
# Some networks read a text message to a landline aloud, to whoever picks up the phone.
_NOT_A_POCKET = {
    PhoneNumberType.FIXED_LINE,
    PhoneNumberType.VOIP,
    PhoneNumberType.VOICEMAIL,
    PhoneNumberType.TOLL_FREE,
}
_NO_COUNTRY = "001"


@dataclass(frozen=True)
class Sender:
    """Who a message came from. ``number`` is in E.164; ``refusal`` says why it cannot be answered, if it cannot."""

    number: str = field(default="", repr=False)
    abroad: bool = False
    refusal: str = ""


def read(given: str, countries: Collection[str] = ()) -> Sender:
    """The sender's number as providers write it: ``+47…``, ``0047…``, ``47…`` or eight Norwegian digits.

    ``countries``: the only ones to answer, as ``NO``; none: every country. ``refusal`` is ``alphanumeric``,
    ``short``, ``no_number``, ``premium``, ``landline`` or ``country``.
    """
    text = "".join(given.split()).replace("-", "")
    digits = text.removeprefix("+")
    if not (digits.isascii() and digits.isdigit()):
        return Sender(refusal="alphanumeric" if any(c.isalpha() for c in text) else "no_number")
    if len(digits) < _NORWEGIAN_DIGITS:
        return Sender(refusal="short")
    number = _parse(text)
    if number is None:
        return Sender(refusal="no_number")
    kind = phonenumbers.number_type(number)
    region = phonenumbers.region_code_for_country_code(number.country_code or 0)
    own = phonenumbers.region_code_for_number(number) or region
    if kind in _COSTLY or region == _NO_COUNTRY:
        return Sender(refusal="premium")
    if kind in _NOT_A_POCKET:
        return Sender(refusal="landline")
    # A number of no known kind is answered all the same: numbering plans change faster than our copy of them, and
    # somebody has just written from it.
    if countries and own not in countries:
        return Sender(refusal="country")
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return Sender(e164, abroad=region != HOME)


def _parse(text: str) -> PhoneNumber | None:
    candidates = [text if text.startswith("+") else f"+{text}"]
    if text.startswith("00"):
        candidates = [f"+{text[2:]}"]
    elif not text.startswith("+") and len(text) == _NORWEGIAN_DIGITS:
        candidates = [f"+47{text}"]
    for candidate in candidates:
        try:
            number = phonenumbers.parse(candidate, None)
        except NumberParseException:
            continue
        if phonenumbers.is_possible_number(number):
            return number
    return None
