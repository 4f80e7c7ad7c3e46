"""Text messages into `hjemvei serve`: how soon each is accepted, and how soon all are answered.

A provider that speaks our JSON sends RATE messages a second for SECONDS seconds, each at its own moment whether or
not the one before has been answered (an open load), and takes the answers over HTTP. SQLite, one process.
Prints a table and writes it to docs/benchmarks.md. About a minute and a half.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from collections import Counter
from datetime import date

import aiohttp
from aiohttp import web

from tools.bench import WITH_ACTION, WITHOUT_ACTION, free_port, running, until_ready, write_part

RATE, SECONDS, PERSONS = 50, 20, 250
LIMIT_MS = 100.0
LONGEST_S = 300.0
SECRET, SIGNING = "benk-hemmelighet-1234", "benk-signatur"


class FarEnd:
    """The provider: takes what it is given, at once."""

    def __init__(self) -> None:
        self.got: list[tuple[str, str]] = []
        """Receiver and id of each message."""
        self.first_at: dict[str, float] = {}

    async def take(self, request: web.Request) -> web.Response:
        message = await request.json()
        self.got.append((message["to"], message["id"]))
        return web.json_response({"id": message["id"]})


async def start(far: FarEnd) -> tuple[web.AppRunner, str]:
    app = web.Application()
    app.router.add_post("/send", far.take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    return runner, f"http://127.0.0.1:{port}/send"


def signed(message: object) -> tuple[bytes, dict[str, str]]:
    body = json.dumps(message).encode()
    now = str(int(time.time()))
    signature = hmac.new(SIGNING.encode(), now.encode() + b"." + body, hashlib.sha256).hexdigest()
    return body, {"Content-Type": "application/json", "Hjemvei-Signature": f"t={now},v1={signature}"}


async def write(session: aiohttp.ClientSession, address: str, number: int, due: float) -> tuple[float, int]:
    """Milliseconds from the moment the message was due until it was accepted, and the status."""
    await asyncio.sleep(max(0.0, due - time.perf_counter()))
    texts = [*WITHOUT_ACTION, *WITH_ACTION]
    # Each person writes something else every time, as people do.
    text = f"{texts[number % len(texts)]} {number // PERSONS + 1}"
    sender = f"+479{number % PERSONS:07d}"
    body, headers = signed({"id": f"b{number}", "from": sender, "to": "26300", "text": text})
    async with session.post(address, data=body, headers=headers) as response:
        await response.read()
        return (time.perf_counter() - due) * 1000, response.status


async def measure(session: aiohttp.ClientSession, base: str, far: FarEnd) -> dict[str, float]:
    address = f"{base}/sms/json/{SECRET}"
    # The first answers wait for what is loaded at first use.
    for number in range(10):
        await write(session, address, 10**6 + number, time.perf_counter())
    await until_answered(far, 10)
    before = len({identifier for _, identifier in far.got})
    begun = time.perf_counter()
    total = RATE * SECONDS
    said = await asyncio.gather(*(write(session, address, n, begun + n / RATE) for n in range(total)))
    accepted_s = time.perf_counter() - begun
    assert all(status == 200 for _, status in said), Counter(status for _, status in said)
    while_writing = len({identifier for _, identifier in far.got}) - before
    await until_answered(far, before + total)
    answered_s = time.perf_counter() - begun
    times = sorted(ms for ms, _ in said)
    return {
        "sent": total,
        "p50": statistics.median(times),
        "p95": times[int(0.95 * total)],
        "worst": times[-1],
        "accepted_s": accepted_s,
        "while_writing": while_writing,
        "answered_s": answered_s,
        "per_s": total / answered_s,
        "twice": sum(count - 1 for count in Counter(identifier for _, identifier in far.got).values()),
    }


async def until_answered(far: FarEnd, messages: int) -> None:
    """Until so many messages have gone out; every message here has an answer of one message or more."""
    end = time.monotonic() + LONGEST_S
    while len({identifier for _, identifier in far.got}) < messages:
        if time.monotonic() > end:
            raise TimeoutError("not all messages were answered")
        await asyncio.sleep(0.02)
    # What was still on its way: the queue is empty when nothing more comes for a while.
    seen = -1
    while seen != len(far.got):
        seen = len(far.got)
        await asyncio.sleep(0.5)


def section(found: dict[str, float]) -> str:
    load = os.getloadavg()[0]
    return f"""## Text messages

Made by `python -m tools.bench_sms` on {date.today().isoformat()}: {os.cpu_count()} cores (load {load:.1f} from this
and other work), Python {platform.python_version()}, `hjemvei serve` in one process on SQLite, the sender on the same
machine. {RATE} signed messages a second for {SECONDS} seconds from {PERSONS} numbers, each sent when it is due whether
or not the one before has been accepted; accepted means written to disk. All are answered by the model from the queue,
at the same time as more come in.

| | measured | at most |
| --- | ---: | ---: |
| Accepted (200), p50, ms | {found["p50"]:.0f} | |
| Accepted (200), p95, ms | {found["p95"]:.0f} | {LIMIT_MS:.0f} |
| Accepted (200), the slowest, ms | {found["worst"]:.0f} | |
| Messages accepted / sent | {found["sent"]:.0f} / {found["sent"]:.0f} | |
| Answers that had gone out when the last message came in | {found["while_writing"]:.0f} | |
| All answered after, s | {found["answered_s"]:.1f} | |
| Messages answered a second | {found["per_s"]:.0f} | |
| Answers handed to the provider twice | {found["twice"]:.0f} | 0 |
"""


async def main() -> None:
    far = FarEnd()
    runner, url = await start(far)
    port = free_port()
    command = [sys.executable, "-c", "from bot.cli import main; main()", "serve", "--port", str(port)]
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            "HJEMVEI_FOLDER": folder,
            "HJEMVEI_SMS_PROVIDER": "json",
            "HJEMVEI_SMS_SECRET": SECRET,
            "HJEMVEI_SMS_CALLBACK_PASSWORD": SIGNING,
            "HJEMVEI_SMS_FROM": "26300",
            "HJEMVEI_SMS_URL": url,
            "HJEMVEI_SMS_ALL_PER_HOUR": "1000000",
        }
        with running(command, **environment):
            async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
                await until_ready(session, f"http://127.0.0.1:{port}")
                found = await measure(session, f"http://127.0.0.1:{port}", far)
    await runner.cleanup()
    text = section(found)
    print(text)
    write_part("sms", text)
    if found["p95"] > LIMIT_MS or found["twice"]:
        sys.exit("SMS tas imot for sakte, eller blir besvart to ganger.")


if __name__ == "__main__":
    asyncio.run(main())
