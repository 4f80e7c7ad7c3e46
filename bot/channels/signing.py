"""Signatures of webhooks, outgoing and incoming: ``t=<seconds>,v1=<HMAC-SHA256 in hex>``.

What is signed is the time stamp, a full stop and the body's bytes, so that neither can be changed and an old call
cannot be sent anew. There may be several ``v1``; one that is right is enough, so that a secret can be replaced.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence

from bot.errors import SignatureRefused

HEADER = "Hjemvei-Signature"
WINDOW_S = 300
"""How far a time stamp may be from now, seconds, either way."""


def digest(secret: str, at: int, body: bytes) -> str:
    """The signature itself, in hex. ``at``: seconds since 1970."""
    return hmac.new(secret.encode(), b"%d." % at + body, hashlib.sha256).hexdigest()


def sign(secrets: Sequence[str], body: bytes, at: int) -> str:
    """The header's value: one ``v1`` for each secret, the first secret first."""
    return ",".join([f"t={at}", *(f"v1={digest(secret, at, body)}" for secret in secrets)])


def verify(secrets: Sequence[str], header: str, body: bytes, now: int) -> None:
    """Raise SignatureRefused unless the header signs this body with one of the secrets, about now."""
    parts = [part.strip().partition("=") for part in header.split(",")]
    stamps = [value for name, _, value in parts if name == "t"]
    given = [value for name, _, value in parts if name == "v1"]
    if len(stamps) != 1 or not given:
        raise SignatureRefused("form")
    at = within_window(stamps[0], now)
    if not any(matches(digest(secret, at, body), value) for secret in secrets for value in given):
        raise SignatureRefused("signature")


def within_window(stamp: str, now: int) -> int:
    """The time stamp as a number. Raises SignatureRefused when it is none, or not about now."""
    if not (stamp.isascii() and stamp.isdecimal() and len(stamp) <= 12):
        raise SignatureRefused("form")
    if abs(int(stamp) - now) > WINDOW_S:
        raise SignatureRefused("time")
    return int(stamp)


def matches(expected: str, given: str) -> bool:
    """Whether two signatures are the same, in a time that says nothing about where they differ."""
    return hmac.compare_digest(expected.encode("utf-8", "surrogatepass"), given.encode("utf-8", "surrogatepass"))
