"""Stock Rasa against `hjemvei serve`, in one run on one machine, with the same trained model.

Stock: `rasa run` (REST channel) and `rasa run actions`, two processes. Ours: `hjemvei serve`, one process.
Prints a table with ratios and writes it to docs/benchmarks.md. About six minutes.
"""

from __future__ import annotations

import asyncio
import os
import platform
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import aiohttp
import psutil

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
TARGET = ROOT / "docs" / "benchmarks.md"
WARM_UP, SAMPLES = 20, 150
PARALLEL = (1, 8, 32)
# Places in one conversation, and how many messages around each are taken the median of.
PLACES, AROUND = (10, 100, 400), 8
WITHOUT_ACTION = ("hei", "takk for hjelpen", "er du en robot?", "ha det bra", "hva kan du hjelpe meg med?")
WITH_ACTION = (
    "jeg er i pakistan og de har tatt passet mitt",
    "hva er et krisesenter?",
    "kan foreldrene mine bestemme at jeg skal bo i utlandet",
    "jeg får ikke være med venner etter skolen",
    "hva gjør ambassaden",
)

Send = Callable[[str, str], Awaitable[None]]


@dataclass
class Figures:
    """What one side measured. Milliseconds, messages a second, seconds, MiB."""

    start_s: float = 0.0
    memory_mib: float = 0.0
    p50: dict[str, float] = field(default_factory=dict)
    p95: dict[str, float] = field(default_factory=dict)
    throughput: dict[int, float] = field(default_factory=dict)
    place_ms: dict[int, float] = field(default_factory=dict)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(*commands: list[str], **environment: str) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Processes that end when the block does."""
    started = [
        subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for command in commands
    ]
    try:
        yield started
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(timeout=30)


async def until_ready(
    session: aiohttp.ClientSession, base: str, process: subprocess.Popen[bytes] | None = None, limit_s: float = 400
) -> None:
    """Wait until the service at ``base`` answers. Raises TimeoutError, at once where its ``process`` has ended."""
    end = time.monotonic() + limit_s
    while time.monotonic() < end and (process is None or process.poll() is None):
        try:
            async with session.get(f"{base}/readyz") as response:
                if response.status == 200:
                    return
        except aiohttp.ClientError:
            pass
        await asyncio.sleep(0.2)
    raise TimeoutError("the service did not start")


def write_part(name: str, text: str) -> None:
    """Put a part into the document, where it stood or else last. Marks with its name are put around it."""
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    known = TARGET.read_text("utf-8") if TARGET.exists() else "# Benchmarks\n"
    before, _, rest = known.partition(begin)
    after = rest.partition(end)[2]
    parts = (before, "\n".join((begin, text.strip("\n"), end)), after)
    TARGET.write_text("\n\n".join(filter(None, (part.strip("\n") for part in parts))) + "\n", "utf-8")


def memory(processes: list[subprocess.Popen[bytes]]) -> float:
    """Resident memory of the processes and their children, MiB."""
    total = 0
    for process in processes:
        parent = psutil.Process(process.pid)
        total += sum(p.memory_info().rss for p in [parent, *parent.children(recursive=True)])
    return total / 2**20


async def until_answered(send: Send, conversation: Callable[[], Awaitable[str]], limit_s: float = 180.0) -> float:
    """Seconds until the first message that needs an action is answered."""
    started = time.perf_counter()
    while time.perf_counter() - started < limit_s:
        try:
            await send(await conversation(), WITH_ACTION[0])
            return time.perf_counter() - started
        except (aiohttp.ClientError, OSError, AssertionError):
            await asyncio.sleep(0.1)
    raise TimeoutError("the server did not answer")


async def measure(send: Send, conversation: Callable[[], Awaitable[str]], figures: Figures) -> None:
    """Reply times, throughput and the cost of a message deep into a conversation."""
    for name, texts in (("without an action", WITHOUT_ACTION), ("with an action", WITH_ACTION)):
        taken = []
        for number in range(WARM_UP + SAMPLES):
            # A fresh conversation for every ten messages, as people have them.
            current = await conversation() if number % 10 == 0 else current  # noqa: F821
            started = time.perf_counter()
            await send(current, texts[number % len(texts)])
            taken.append((time.perf_counter() - started) * 1000)
        taken = sorted(taken[WARM_UP:])
        figures.p50[name] = statistics.median(taken)
        figures.p95[name] = taken[int(0.95 * len(taken))]
    for parallel in PARALLEL:
        figures.throughput[parallel] = await throughput(send, conversation, parallel)
    current = await conversation()
    seen: dict[int, list[float]] = {place: [] for place in PLACES}
    mixed = [*WITHOUT_ACTION, *WITH_ACTION]
    for number in range(1, PLACES[-1] + AROUND // 2 + 1):
        started = time.perf_counter()
        await send(current, mixed[number % len(mixed)])
        spent = (time.perf_counter() - started) * 1000
        for place in PLACES:
            if place - AROUND // 2 < number <= place + AROUND // 2:
                seen[place].append(spent)
    figures.place_ms = {place: statistics.median(values) for place, values in seen.items()}


async def throughput(send: Send, conversation: Callable[[], Awaitable[str]], parallel: int) -> float:
    """Messages a second with so many conversations at a time; half of the messages need an action."""
    texts = [*WITHOUT_ACTION, *WITH_ACTION]
    each = max(6, 96 // parallel)

    async def talk(seed: int) -> None:
        choose = random.Random(seed)
        current = await conversation()
        for _ in range(each):
            await send(current, choose.choice(texts))

    started = time.perf_counter()
    await asyncio.gather(*(talk(seed) for seed in range(parallel)))
    return parallel * each / (time.perf_counter() - started)


async def stock(session: aiohttp.ClientSession) -> Figures:
    """`rasa run` and `rasa run actions`."""
    figures, port, actions = Figures(), free_port(), free_port()
    address = f"http://127.0.0.1:{port}/webhooks/rest/webhook"
    numbers = iter(range(10**9))

    async def send(conversation: str, text: str) -> None:
        async with session.post(address, json={"sender": conversation, "message": text}) as response:
            said = await response.json()
            assert response.status == 200
            assert said

    async def conversation() -> str:
        return f"c{next(numbers)}"

    with tempfile.TemporaryDirectory() as folder:
        endpoints = Path(folder) / "endpoints.yml"
        endpoints.write_text(
            f"action_endpoint:\n  url: http://127.0.0.1:{actions}/webhook\n",
            "utf-8",
        )
        serve = [str(BIN / "rasa"), "run", "--model", str(ROOT / "models" / "hjemvei.tar.gz")]
        serve += ["--port", str(port), "-i", "127.0.0.1", "--endpoints", str(endpoints)]
        act = [str(BIN / "rasa"), "run", "actions", "--port", str(actions)]
        with running(serve, act) as processes:
            figures.start_s = await until_answered(send, conversation)
            await measure(send, conversation, figures)
            figures.memory_mib = memory(processes)
    return figures


async def ours(session: aiohttp.ClientSession) -> Figures:
    """`hjemvei serve`, with its database in a fresh folder."""
    figures, port = Figures(), free_port()
    base = f"http://127.0.0.1:{port}/api/v1/conversations"
    tokens: dict[str, str] = {}

    async def send(conversation: str, text: str) -> None:
        headers = {"Authorization": f"Bearer {tokens[conversation]}"}
        async with session.post(f"{base}/{conversation}/messages", json={"text": text}, headers=headers) as response:
            said = await response.json()
            assert response.status == 200
            assert said["texts"]

    async def conversation() -> str:
        async with session.post(base) as response:
            body = await response.json()
            assert response.status == 201
        tokens[body["id"]] = body["token"]
        identifier: str = body["id"]
        return identifier

    with (
        tempfile.TemporaryDirectory() as folder,
        running(
            [str(BIN / "hjemvei"), "serve", "--port", str(port)],
            HJEMVEI_FOLDER=folder,
            HJEMVEI_MESSAGES_PER_MINUTE="100000",
            HJEMVEI_CONVERSATION_MESSAGES_PER_MINUTE="100000",
        ) as processes,
    ):
        figures.start_s = await until_answered(send, conversation)
        await measure(send, conversation, figures)
        figures.memory_mib = memory(processes)
    return figures


def table(before: Figures, after: Figures) -> str:
    """The figures as a Markdown table; ratio = ours / stock."""
    rows = [("Start to first answer, s", before.start_s, after.start_s, "{:.1f}")]
    for name in before.p50:
        rows.append((f"Reply {name}, p50, ms", before.p50[name], after.p50[name], "{:.1f}"))
        rows.append((f"Reply {name}, p95, ms", before.p95[name], after.p95[name], "{:.1f}"))
    for parallel in PARALLEL:
        label = f"Messages a second, {parallel} conversation{'s' if parallel > 1 else ''} at a time"
        rows.append((label, before.throughput[parallel], after.throughput[parallel], "{:.1f}"))
    for place in PLACES:
        rows.append(
            (f"Message {place} of one conversation, ms", before.place_ms[place], after.place_ms[place], "{:.1f}")
        )
    rows.append(("Memory after the run, MiB", before.memory_mib, after.memory_mib, "{:.0f}"))
    growth = [figures.place_ms[PLACES[-1]] / figures.place_ms[PLACES[0]] for figures in (before, after)]
    rows.append((f"Message {PLACES[-1]} / message {PLACES[0]}", growth[0], growth[1], "{:.2f}"))
    lines = ["| | stock Rasa | Hjemvei | ratio |", "| --- | ---: | ---: | ---: |"]
    for name, stock_value, own_value, form in rows:
        lines.append(
            f"| {name} | {form.format(stock_value)} | {form.format(own_value)} | {own_value / stock_value:.2f} |"
        )
    return "\n".join(lines)


async def main() -> None:
    timeout = aiohttp.ClientTimeout(total=120)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        print("Måler Rasa slik den leveres (omtrent fire minutter) …", flush=True)
        before = await stock(session)
        print("Måler Hjemvei (omtrent ett minutt) …", flush=True)
        after = await ours(session)
    result = table(before, after)
    print(result)
    TARGET.write_text(
        f"""# Benchmarks

Made by `make bench` on {date.today().isoformat()}: {os.cpu_count()} cores, {platform.machine()},
Python {platform.python_version()}. Both sides ran one after the other in the same run, with the same trained model and
the same messages, over HTTP on loopback. Stock: `rasa run` and `rasa run actions`, conversations
in memory (its SQL tracker store does not run on SQLAlchemy 2). Hjemvei: `hjemvei serve`, conversations encrypted on
SQLite. Read the ratios; the times are this machine's.

{result}

Reply times are of {SAMPLES} messages, one at a time, ten to a conversation. Message 10, 100 and 400 are medians of the
{AROUND} messages around that place in one conversation. Throughput mixes messages with and without an action.
""",
        "utf-8",
    )
    print(f"Skrevet til {TARGET.relative_to(ROOT)}")


if __name__ == "__main__":
    asyncio.run(main())
