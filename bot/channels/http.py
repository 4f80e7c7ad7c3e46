"""One way of calling another system over HTTP: with a time limit, and without a word of its answer in any error."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import aiohttp

from bot.errors import Undelivered

_TIMEOUT = aiohttp.ClientTimeout(total=15.0, connect=5.0)
_MOST_BYTES = 1024 * 1024


class Caller:
    """Calls with a session of its own, opened at the first call."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def post(self, address: str, body: bytes, headers: Mapping[str, str]) -> Any:
        """Send JSON bytes; answers the JSON that comes back, or None. Raises Undelivered unless the status is 2xx."""
        return await self._call("POST", address, {"Content-Type": "application/json", **headers}, body)

    async def delete(self, address: str, headers: Mapping[str, str]) -> None:
        """Raises Undelivered unless it is gone."""
        try:
            await self._call("DELETE", address, headers, None)
        except Undelivered as error:
            if error.code != "http_404":
                raise

    async def _call(self, method: str, address: str, headers: Mapping[str, str], body: bytes | None) -> Any:
        if self._session is None:
            # No cookies, and proxies only as the operator's environment says.
            self._session = aiohttp.ClientSession(timeout=_TIMEOUT, cookie_jar=aiohttp.DummyCookieJar(), trust_env=True)
        sent = {"User-Agent": "Hjemvei", **headers}
        try:
            async with self._session.request(
                method, address, data=body, headers=sent, allow_redirects=False
            ) as response:
                if not 200 <= response.status < 300:
                    raise Undelivered(f"http_{response.status}")
                answer = await response.content.read(_MOST_BYTES)
        except TimeoutError:
            raise Undelivered("timeout") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise Undelivered(_kind(error)) from None
        try:
            return json.loads(answer)
        except ValueError:
            return None

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None


def _kind(error: Exception) -> str:
    if isinstance(error, aiohttp.ClientSSLError):
        return "tls"
    return "connection" if isinstance(error, (aiohttp.ClientConnectionError, OSError)) else "response"
