"""The process is killed in the middle of a burst: whatever it said yes to is answered, once."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from bot.channels.sms.intake import Names
from bot.storage.encryption import Vault, new_key
from tests.channels.sms.cases import CALLBACK, OUR_NUMBER, SECRET, generic, sent_as_is
from tests.channels.sms.fakes import Handset
from tests.conftest import ROOT
from tests.storage.conftest import free_port
from tools.bench import until_ready

pytestmark = pytest.mark.model
NUMBERS = [f"+479{n:07d}" for n in range(1, 61)]
TEXTS = ("hei", "hva er et krisesenter?", "de har tatt passet mitt", "foreldrene mine følger med på mobilen")


@dataclass
class Service:
    """`hjemvei serve` in a process of its own."""

    environment: dict[str, str]
    port: int
    process: subprocess.Popen[bytes] | None = field(default=None)

    async def start(self) -> None:
        command = [sys.executable, "-c", "from bot.cli import main; main()", "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **self.environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        async with aiohttp.ClientSession() as session:
            await until_ready(session, f"http://127.0.0.1:{self.port}", self.process, 150)

    def kill(self) -> None:
        """SIGKILL: nothing in the process gets a last word."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(timeout=10)

    async def write(self, session: aiohttp.ClientSession, number: str) -> bool:
        """Send this number's one message; whether it was accepted."""
        text = TEXTS[NUMBERS.index(number) % len(TEXTS)]
        request = generic({"id": f"m{number}", "from": number, "to": OUR_NUMBER, "text": text})
        method, path, headers, body = sent_as_is(request)
        try:
            async with session.request(
                method, f"http://127.0.0.1:{self.port}{path}", data=body, headers=headers
            ) as response:
                return response.status == 200
        except (aiohttp.ClientError, OSError):
            return False


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    if request.param == "sqlite":
        return ""
    address: str = request.getfixturevalue("postgresql")
    return address.replace("+asyncpg", "")


@pytest.fixture
async def handset() -> AsyncIterator[Any]:
    end = Handset()
    async with TestServer(end.app()) as server:
        yield end, str(server.make_url("/send"))


@pytest.mark.timeout(500)
async def test_all_that_was_accepted_is_answered_once(
    model: Path, tmp_path: Path, database_url: str, handset: Any
) -> None:
    end, url = handset
    key = new_key()
    environment = {
        "HJEMVEI_FOLDER": str(tmp_path),
        "HJEMVEI_KEY": key,
        "HJEMVEI_SMS_PROVIDER": "json",
        "HJEMVEI_SMS_SECRET": SECRET,
        "HJEMVEI_SMS_CALLBACK_PASSWORD": CALLBACK,
        "HJEMVEI_SMS_FROM": OUR_NUMBER,
        "HJEMVEI_SMS_URL": url,
        "HJEMVEI_MODELS": str(model),
        **({"HJEMVEI_DATABASE_URL": database_url} if database_url else {}),
    }
    service = Service(environment, free_port())
    try:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=8)) as session:
            await service.start()
            writing = [asyncio.create_task(service.write(session, number)) for number in NUMBERS]
            while sum(task.done() for task in writing) < 40 or not end.got:
                await asyncio.sleep(0.001)
            service.kill()
            accepted = {number for number, said in zip(NUMBERS, await asyncio.gather(*writing), strict=True) if said}
            answered = {got["to"] for got in end.got}
            assert answered < accepted, "it was to be killed in the middle"
            await service.start()
            # The provider repeats what it got no answer to; some of it had been kept, and some that was accepted
            # comes again too.
            again = [number for number in NUMBERS if number not in accepted] + sorted(accepted)[:20]
            assert all(await asyncio.gather(*(service.write(session, number) for number in again)))
        until = time.monotonic() + 120
        while {got["to"] for got in end.got} != set(NUMBERS):
            assert time.monotonic() < until, f"{len({got['to'] for got in end.got})} of {len(NUMBERS)} answered"
            await asyncio.sleep(0.1)
        await asyncio.sleep(2.0)
    finally:
        if service.process is not None and service.process.poll() is None:
            service.kill()
    names = Names(Vault(_bytes(key)))
    for number in NUMBERS:
        mine = [got for got in end.got if got["to"] == number]
        ids = list(dict.fromkeys(got["id"] for got in mine))
        message = names.message("json", f"id:m{number}")
        # Every id is that of the answer to the one message, in order from the first, and has one text.
        assert ids == [names.outgoing(message, place) for place in range(len(ids))]
        assert len({(got["id"], got["text"]) for got in mine}) == len(ids)
    # A message that was under way when the process died may be handed over again, under its own id, once.
    assert max(Counter(got["id"] for got in end.got).values()) <= 2


def _bytes(key: str) -> bytes:
    import base64

    return base64.urlsafe_b64decode(key)
