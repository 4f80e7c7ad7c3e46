"""The real look-up, and moments to ask it at."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.bootstrap import Library
from bot.directory.hours import OSLO
from bot.directory.lookup import Lookup

DAY = "2026-11-26T10:30"
"""A Thursday morning, no holiday near."""


def moment(text: str) -> datetime:
    """A moment in Norwegian time."""
    return datetime.fromisoformat(text).replace(tzinfo=OSLO)


@pytest.fixture(scope="session")
def lookup(shelf: Library) -> Lookup:
    return shelf.lookup
