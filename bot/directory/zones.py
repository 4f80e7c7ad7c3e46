"""The clock of a country."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.core import get_global


def zone_of(country: str, at: datetime) -> ZoneInfo | None:
    """The zone of a country (ISO 3166-1 alpha-2) when the whole country has one clock at ``at``, else None.

    The zones are CLDR's. Where a country has several clocks nobody can say from its name what the time is.
    """
    zones = _zones().get(country, ())
    offsets = {at.astimezone(zone).utcoffset() for zone in zones}
    return zones[0] if len(offsets) == 1 else None


@lru_cache(maxsize=1)
def _zones() -> dict[str, tuple[ZoneInfo, ...]]:
    found: dict[str, list[ZoneInfo]] = {}
    for name, territory in get_global("zone_territories").items():
        try:
            found.setdefault(territory, []).append(ZoneInfo(name))
        except (ZoneInfoNotFoundError, ValueError):
            continue
    return {territory: tuple(zones) for territory, zones in found.items()}
