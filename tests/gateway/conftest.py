"""A client of the whole application."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.bootstrap import House
from bot.gateway.limits import Limiter
from bot.gateway.server import build


@dataclass
class Started:
    """A conversation that has begun."""

    client: Any
    id: str
    token: str

    @property
    def path(self) -> str:
        return f"/api/v1/conversations/{self.id}"

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    async def write(self, text: str, **more: str) -> Any:
        return await self.client.post(f"{self.path}/messages", json={"text": text, **more}, headers=self.headers)


@pytest.fixture
async def client(house: House) -> AsyncIterator[Any]:
    app = build(house, Limiter(burst=100_000, per_minute=100_000))
    async with TestClient(TestServer(app)) as opened:
        yield opened


@pytest.fixture
async def started(client: Any) -> Started:
    body = await (await client.post("/api/v1/conversations")).json()
    return Started(client, body["id"], body["token"])
