"""How much one sender may ask for. Addresses are never kept: a sender is a keyed hash that dies with the process."""

from __future__ import annotations

import hashlib
import secrets
import time
from dataclasses import dataclass


@dataclass
class _Bucket:
    tokens: float
    at: float


class Limiter:
    """A token bucket for each sender: ``burst`` at once, then ``per_minute``."""

    def __init__(self, *, burst: int, per_minute: float) -> None:
        self._burst = float(burst)
        self._rate = per_minute / 60.0
        self._key = secrets.token_bytes(16)
        self._buckets: dict[bytes, _Bucket] = {}

    def allow(self, sender: str) -> bool:
        """Take one token of ``sender``'s; False when there is none."""
        name = hashlib.blake2b(sender.encode("utf-8", "surrogatepass"), key=self._key, digest_size=16).digest()
        now = time.monotonic()
        bucket = self._buckets.setdefault(name, _Bucket(self._burst, now))
        bucket.tokens = min(self._burst, bucket.tokens + (now - bucket.at) * self._rate)
        bucket.at = now
        if bucket.tokens < 1.0:
            return False
        bucket.tokens -= 1.0
        return True

    def forget_full(self) -> None:
        """Drop the senders who have been quiet long enough to have all their tokens again."""
        now = time.monotonic()
        full = [n for n, b in self._buckets.items() if b.tokens + (now - b.at) * self._rate >= self._burst]
        for name in full:
            del self._buckets[name]
