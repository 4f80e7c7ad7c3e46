"""Logging in to the console, as its forms do."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import Any

import pyotp
from aiohttp import CookieJar
from aiohttp.test_utils import TestClient

from bot.bootstrap import House
from bot.gateway.desk import TOKEN

PASSWORD = "fjorten grønne epler"


async def account(house: House, name: str, *roles: str) -> str:
    """An account with PASSWORD, made if it is not there, ready to log in anew. Answers its name."""
    if name in [one.name for one in await house.staff.all()]:
        await house.staff.set_roles(name, roles)
        given = await house.staff.reset(name)
    else:
        given = await house.staff.add(name, name.title(), roles) or ""
    token, _ = await house.staff.log_in(name, given)
    await house.staff.enrol(token, await code(house, name), PASSWORD)
    await _code_may_be_used_again(house, name)
    return name


async def _code_may_be_used_again(house: House, name: str) -> None:
    """The next code is half a minute away, and a test does not wait for it."""
    store = house.staff._store
    found = await store.named(name)
    assert found
    await store.change(found.id, last_step=0)


async def code(house: House, name: str) -> str:
    """The one-time code of an account."""
    secret = next(one.secret for one in await house.staff.all() if one.name == name)
    assert secret
    return pyotp.TOTP(secret).at(int(time.time()))


@dataclass
class Colleague:
    """Somebody who is logged in: a client of their own, and the token that their pages carry."""

    client: Any
    token: str
    origin: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Origin": self.origin, TOKEN: self.token}

    async def post(self, path: str, body: object = None) -> Any:
        return await self.client.post(f"/konsoll/{path}", json=body or {}, headers=self.headers)

    async def get(self, path: str) -> Any:
        return await self.client.get(f"/konsoll/{path}")


def browser(client: Any) -> Any:
    """Another browser at the same server, with cookies of its own."""
    return TestClient(client.server, cookie_jar=CookieJar(unsafe=True))


async def log_in(client: Any, house: House, name: str, *roles: str) -> Colleague:
    """Make the account, and log in with name, password and code."""
    await account(house, name, *roles)
    own = browser(client)
    origin = str(own.make_url("/")).rstrip("/")
    page = await own.post("/konsoll/inn", data={"name": name, "password": PASSWORD}, headers={"Origin": origin})
    form = {"token": token_of(await page.text()), "code": await code(house, name)}
    page = await own.post("/konsoll/kode", data=form, headers={"Origin": origin})
    text = await page.text()
    assert "Logg ut" in text, text
    return Colleague(own, token_of(text), origin)


def token_of(page: str) -> str:
    found = re.search(r'name="hjemvei-token" content="([0-9a-f]+)"', page)
    assert found
    return found.group(1)
