from __future__ import annotations

from bot.gateway.limits import Limiter


def test_a_burst_is_allowed_and_then_it_stops() -> None:
    limiter = Limiter(burst=3, per_minute=1)
    assert [limiter.allow("a") for _ in range(4)] == [True, True, True, False]
    assert limiter.allow("b")


def test_the_address_is_not_kept() -> None:
    limiter = Limiter(burst=3, per_minute=1)
    limiter.allow("203.0.113.7")
    assert "203.0.113.7" not in repr(vars(limiter))


def test_quiet_senders_are_forgotten() -> None:
    limiter = Limiter(burst=1, per_minute=60_000_000)
    limiter.allow("a")
    limiter.forget_full()
    assert not limiter._buckets
