"""Passwords: Argon2id (RFC 9106), checked beside the event loop."""

from __future__ import annotations

import asyncio
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.errors import PasswordWeak

SHORTEST, LONGEST = 12, 200
# Letters and figures that are not taken for one another when they are read aloud.
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
_HASHER = PasswordHasher()
# Each check takes 64 MiB; what comes at once waits its turn.
_TURNS = asyncio.Semaphore(2)


def check(password: str, name: str) -> None:
    """Raise PasswordWeak with a sentence when a password cannot be taken."""
    if len(password) < SHORTEST:
        raise PasswordWeak(f"Passordet må ha minst {SHORTEST} tegn.")
    if len(password) > LONGEST:
        raise PasswordWeak(f"Passordet kan ha høyst {LONGEST} tegn.")
    if name.lower() in password.lower():
        raise PasswordWeak("Passordet kan ikke inneholde brukernavnet.")
    if len(set(password)) < 5:
        raise PasswordWeak("Passordet må ha minst fem ulike tegn.")


def first_time() -> str:
    """A password that somebody is given once and replaces at the first log-in: about 79 random bits."""
    return "-".join("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(4))


async def hashed(password: str) -> str:
    """The password as it is kept."""
    async with _TURNS:
        return await asyncio.to_thread(_HASHER.hash, password)


async def right(kept: str, password: str) -> bool:
    """Whether the password is the one that is kept. With nothing kept it takes as long, and is False."""
    if len(password) > LONGEST:
        return False
    async with _TURNS:
        return await asyncio.to_thread(_verify, kept, password)


def outdated(kept: str) -> bool:
    """The password was kept with weaker parameters than today's."""
    return _HASHER.check_needs_rehash(kept)


def _verify(kept: str, password: str) -> bool:
    try:
        return _HASHER.verify(kept or _nobodys(), password) and bool(kept)
    except (VerificationError, InvalidHashError):
        return False


_NOBODYS: list[str] = []


def _nobodys() -> str:
    """A hash that no password fits, so that an unknown name takes as long as a known one."""
    if not _NOBODYS:
        _NOBODYS.append(_HASHER.hash(secrets.token_urlsafe(32)))
    return _NOBODYS[0]
