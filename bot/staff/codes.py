"""One-time codes from an app (RFC 6238), and the picture that puts the secret into it."""

from __future__ import annotations

import re
from datetime import datetime

import pyotp
import segno

_ISSUER = "Hjemvei"
_STEP_S = 30
# A telephone's clock may be half a minute off.
_EITHER_SIDE = 1


def new_secret() -> str:
    """160 random bits in base32."""
    return pyotp.random_base32()


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The time step that a code belongs to; None when it is wrong or of another time."""
    digits = re.sub(r"\s", "", code)
    if not re.fullmatch(r"[0-9]{6}", digits):
        return None
    current, codes = int(now.timestamp()) // _STEP_S, pyotp.TOTP(secret)
    found = None
    for step in range(current - _EITHER_SIDE, current + _EITHER_SIDE + 1):
        if pyotp.utils.strings_equal(digits, codes.generate_otp(step)):
            found = step
    return found


def picture(secret: str, name: str) -> str:
    """The secret as a QR code that an app can read: an SVG in a ``data:`` address."""
    address = pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=_ISSUER)
    return str(segno.make(address, error="m").svg_data_uri(scale=4, border=3, light="#fff"))


def spelled(secret: str) -> str:
    """The secret in groups of four, for those who write it into the app."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
