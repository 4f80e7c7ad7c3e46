"""People and workers who write to each other through `hjemvei serve`: how soon a line is there, and whether all are.

WAITING people wait, ACTIVE have a worker, and all of them listen; WORKERS consoles are open and do what the console's
script does: fetch the queue and the lines when they hear of them, and send their heartbeat. For SECONDS seconds a line
is written in each active case every PAUSE_S seconds, by the person and the worker in turn, while cases are given back,
taken and closed. Each line holds a token of its own, so that one that is lost, comes twice or comes to the wrong case
is seen. Prints a table and writes it to docs/benchmarks.md. About a minute and a half.

`--postgres URL`: on that (empty) database in place of SQLite; the document is then left as it is.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import platform
import random
import statistics
import string
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import aiohttp
import psutil

from bot import settings as settings_room
from bot.bootstrap import library
from bot.bootstrap_cases import open_cases
from bot.gateway.desk import COOKIE, TOKEN, form_token
from bot.handoff.case import Carried
from bot.handoff.cases import Cases
from bot.handoff.news import Relay
from bot.staff.model import Limits
from bot.staff.service import Staff
from bot.storage.conversations import ConversationStore
from bot.storage.database import Database
from bot.storage.encryption import open_vault
from bot.storage.staff import StaffStore
from tools.bench import free_port, running, until_ready, write_part

WAITING, ACTIVE, WORKERS = 200, 40, 20
SECONDS, PAUSE_S, MOVE_EVERY_S, BEAT_S = 30.0, 2.0, 2.0, 20.0
# How long the person is silent before a worker closes, as after a goodbye.
GOODBYE_S = 1.5
# How often a console fetches the queue at most, however much happens in it.
GAP_S = 1.0
SETTLE_S = 10.0
LIMIT_MS = 500.0
PERSON, WORKER = "person", "worker"
LINES = {
    PERSON: (
        "jeg vet ikke helt hva jeg skal si",
        "de har tatt passet mitt og telefonen min",
        "broren min leser meldingene mine",
        "jeg tør ikke si det til læreren min",
        "vi skal reise på fredag",
        "er det noen som kan hjelpe meg da?",
        "ok",
        "mamma sier at jeg må gifte meg når jeg er ferdig på skolen",
    ),
    WORKER: (
        "Takk for at du forteller meg det.",
        "Er du trygg der du er nå?",
        "Vil du fortelle litt mer om reisen?",
        "Jeg er her, ta den tiden du trenger.",
    ),
}


@dataclass
class Sent:
    """A line that was accepted."""

    case: str
    side: str
    due: float
    number: int
    """Place among the lines of this side of this case."""


@dataclass
class Ledger:
    """Every line, and where it was seen."""

    sent: dict[str, Sent] = field(default_factory=dict)
    accepted: set[str] = field(default_factory=set)
    took: dict[str, list[float]] = field(default_factory=lambda: {PERSON: [], WORKER: []})
    """Milliseconds, by the side that wrote."""
    seen: set[str] = field(default_factory=set)
    misplaced: int = 0
    twice: int = 0
    answered_by_program: int = 0
    refused: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    moves: Counter[str] = field(default_factory=Counter)

    def new(self, case: str, side: str, due: float) -> str:
        """A line's token: letters only, so that nothing takes it for a number to hide."""
        token = "".join(random.choices(string.ascii_lowercase, k=16))
        number = sum(1 for one in self.sent.values() if one.case == case and one.side == side)
        self.sent[token] = Sent(case, side, due, number)
        return token

    def arrived(self, token: str, case: str) -> None:
        """The other side has the line on its screen."""
        sent = self.sent.get(token)
        if sent is None or sent.case != case:
            self.misplaced += 1
        elif token not in self.seen:
            self.seen.add(token)
            self.took[sent.side].append((time.perf_counter() - sent.due) * 1000)


@dataclass
class Person:
    """Somebody in front of the widget."""

    case: str
    conversation: str
    secret: str
    keys: set[str] = field(default_factory=set)
    """Tokens that have come."""
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass
class Panel:
    """One case on a worker's screen."""

    last: int = 0
    shown: dict[str, str] = field(default_factory=dict)
    """Token to the key of its line."""
    busy: bool = False
    again: bool = False


@dataclass
class Desk:
    """A worker's console."""

    id: str
    cookie: str
    panels: dict[str, Panel] = field(default_factory=dict)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    fetched: float = float("-inf")
    due: bool = False
    """A fetch of the queue is to come."""


class Stage:
    """All who take part, over HTTP."""

    def __init__(self, session: aiohttp.ClientSession, base: str, people: list[Person], desks: list[Desk]) -> None:
        self.session = session
        self.base = base
        self.people = {person.case: person for person in people}
        self.desks = desks
        self.ledger = Ledger()
        self.holder: dict[str, Desk] = {}
        """Who has each active case."""
        self.hushed: set[str] = set()
        self.tasks: set[asyncio.Task[None]] = set()
        self.ready = 0

    def go(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self._over)

    def _over(self, task: asyncio.Task[None]) -> None:
        self.tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self.ledger.failed[repr(task.exception())[:80]] += 1

    async def call(self, desk: Desk, path: str, body: object = None) -> tuple[int, Any]:
        """What the console's script asks for; POST where there is a body."""
        headers = {"Cookie": f"{COOKIE}={desk.cookie}", "Origin": self.base, TOKEN: form_token(desk.cookie)}
        method = "GET" if body is None else "POST"
        async with self.session.request(method, f"{self.base}/konsoll/{path}", json=body, headers=headers) as response:
            return response.status, await response.json()

    # --- listening

    async def events(self, path: str, headers: dict[str, str]) -> AsyncIterator[tuple[str, dict[str, Any]]]:
        timeout = aiohttp.ClientTimeout(total=None)
        async with self.session.get(f"{self.base}{path}", headers=headers, timeout=timeout) as response:
            assert response.status == 200, response.status
            self.ready += 1
            kind = ""
            async for raw in response.content:
                name, _, value = raw.decode().rstrip("\n").partition(": ")
                if name == "event":
                    kind = value
                elif name == "data":
                    yield kind, json.loads(value)

    async def hear(self, person: Person) -> None:
        """A person's widget."""
        headers = {"Authorization": f"Bearer {person.secret}"}
        async for kind, data in self.events(f"/api/v1/conversations/{person.conversation}/events", headers):
            if kind != "message" or data["by"] != "human":
                continue
            token = data["text"].rsplit(" ", 1)[-1]
            self.ledger.twice += token in person.keys
            person.keys.add(token)
            self.ledger.arrived(token, person.case)
        self.ledger.failed["a person's stream ended"] += 1

    async def watch(self, desk: Desk) -> None:
        """A worker's console."""
        async for kind, data in self.events("/konsoll/strom", {"Cookie": f"{COOKIE}={desk.cookie}"}):
            if kind in ("queue", "presence"):
                self.go(self.look(desk))
            elif kind == "line" and data["case"] in desk.panels:
                self.more(desk, data["case"])
            elif kind == "case" and data["case"] in desk.panels:
                self.go(self.whole(desk, data["case"]))
        self.ledger.failed["a console's stream ended"] += 1

    def more(self, desk: Desk, case: str) -> None:
        self.go(self.coalesced(desk.panels[case], lambda: self.fetch(desk, case)))

    async def coalesced(self, panel: Panel, fetch: Callable[[], Awaitable[None]]) -> None:
        """One fetch at a time, and one more when something happened meanwhile."""
        panel.again = True
        if panel.busy:
            return
        panel.busy = True
        try:
            while panel.again:
                panel.again = False
                await fetch()
        finally:
            panel.busy = False

    async def look(self, desk: Desk) -> None:
        if desk.due:
            return
        desk.due = True
        await asyncio.sleep(max(0.0, desk.fetched + GAP_S - time.perf_counter()))
        desk.due, desk.fetched = False, time.perf_counter()
        status, _ = await self.call(desk, "tilstand")
        assert status == 200, status

    async def fetch(self, desk: Desk, case: str) -> None:
        panel = desk.panels.get(case)
        if panel is None:
            return
        status, found = await self.call(desk, f"saker/{case}/linjer?etter={panel.last}")
        if status == 200:
            self.show(case, panel, found["lines"])

    async def whole(self, desk: Desk, case: str) -> None:
        status, found = await self.call(desk, f"saker/{case}")
        if status == 200 and case in desk.panels:
            self.show(case, desk.panels[case], found.get("lines", []))

    def show(self, case: str, panel: Panel, lines: list[dict[str, Any]]) -> None:
        for line in lines:
            panel.last = max(panel.last, line["number"])
            if line["by"] == "program":
                continue
            token = line["text"].rsplit(" ", 1)[-1]
            if panel.shown.setdefault(token, line["key"]) != line["key"]:
                self.ledger.twice += 1
            sent = self.ledger.sent.get(token)
            # What the assistant answered, as nobody had the case, is no line of a case.
            if (line["number"] and line["case"] != case) or sent is None or sent.case != case:
                self.ledger.misplaced += 1
            elif sent.side == PERSON:
                self.ledger.arrived(token, case)

    async def beats(self, desk: Desk) -> None:
        while True:
            await self.call(desk, "puls", {"active": True, "cases": list(desk.panels)})
            await asyncio.sleep(BEAT_S)

    # --- writing

    async def converse(self, seat: int, cases: list[str], until: float) -> None:
        """A line every PAUSE_S seconds in the case at this seat, the two sides in turn, answered or not."""
        due, side = time.perf_counter() + PAUSE_S * seat / ACTIVE, PERSON
        while due < until:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            case = cases[seat]
            if case in self.holder and case not in self.hushed:
                self.go(self.person_writes(case, due) if side == PERSON else self.worker_writes(case, due))
            side = WORKER if side == PERSON else PERSON
            due += PAUSE_S * random.uniform(0.8, 1.2)

    def line(self, case: str, side: str, due: float) -> tuple[str, str]:
        token = self.ledger.new(case, side, due)
        return token, f"{random.choice(LINES[side])} {token}"

    async def person_writes(self, case: str, due: float) -> None:
        person = self.people[case]
        address = f"{self.base}/api/v1/conversations/{person.conversation}/messages"
        headers = {"Authorization": f"Bearer {person.secret}"}
        async with person.turn:
            token, text = self.line(case, PERSON, due)
            body = {"text": text, "client_message_id": token}
            async with self.session.post(address, json=body, headers=headers) as response:
                said = await response.json()
        if response.status != 200:
            self.ledger.failed[f"POST messages: {response.status}"] += 1
        elif said["texts"]:
            # Nobody had the case at that moment: the program answers, and the person sees it.
            self.ledger.answered_by_program += 1
        else:
            self.ledger.accepted.add(token)

    async def worker_writes(self, case: str, due: float) -> None:
        desk = self.holder[case]
        async with desk.turn:
            token, text = self.line(case, WORKER, due)
            status, _ = await self.call(desk, f"saker/{case}/skriv", {"text": text, "message_id": token})
        if status == 200:
            self.ledger.accepted.add(token)
        elif status == 409:
            # The case was given away at that moment, and the console says so.
            self.ledger.refused += 1
        else:
            self.ledger.failed[f"POST skriv: {status}"] += 1

    # --- cases change hands

    async def take(self, desk: Desk, case: str) -> None:
        status, found = await self.call(desk, f"saker/{case}/ta", {})
        if status != 200:
            self.ledger.failed[f"POST ta: {status}"] += 1
            return
        desk.panels[case] = Panel()
        self.show(case, desk.panels[case], found["lines"])
        self.holder[case] = desk
        self.more(desk, case)
        self.ledger.moves["taken"] += 1

    async def give_back(self, case: str, other: Desk) -> None:
        """To the queue in the middle of the conversation, and to somebody else."""
        desk = self.holder.pop(case)
        status, _ = await self.call(desk, f"saker/{case}/slipp", {})
        if status != 200:
            self.ledger.failed[f"POST slipp: {status}"] += 1
        desk.panels.pop(case)
        self.ledger.moves["given back"] += 1
        await self.take(other, case)

    async def close(self, cases: list[str], seat: int, following: str) -> None:
        """It is over, and the next in the queue has the worker."""
        case = cases[seat]
        desk = self.holder[case]
        self.hushed.add(case)
        await asyncio.sleep(GOODBYE_S)
        status, _ = await self.call(desk, f"saker/{case}/lukk", {"outcome": "veiledet"})
        if status != 200:
            self.ledger.failed[f"POST lukk: {status}"] += 1
        del self.holder[case], desk.panels[case]
        self.ledger.moves["closed"] += 1
        await self.take(desk, following)
        cases[seat] = following

    async def change_hands(self, cases: list[str], waiting: list[str], until: float) -> None:
        """Every MOVE_EVERY_S seconds one case is given back and taken by another, or closed, in turn."""
        closing = False
        while time.perf_counter() + MOVE_EVERY_S < until:
            await asyncio.sleep(MOVE_EVERY_S)
            free = [seat for seat, case in enumerate(cases) if case in self.holder and case not in self.hushed]
            seat = random.choice(free)
            if closing:
                self.go(self.close(cases, seat, waiting.pop(0)))
            else:
                others = [desk for desk in self.desks if desk is not self.holder[cases[seat]]]
                self.go(self.give_back(cases[seat], random.choice(others)))
            closing = not closing


async def prepare(database: Database, settings: settings_room.Settings) -> tuple[Cases, list[Person], list[Desk]]:
    """Accounts that are logged in, and people who wait."""
    vault = open_vault(settings)
    staff = Staff(StaffStore(database, vault), Limits())
    store = ConversationStore(database, vault, timedelta(hours=settings.retention_hours))
    cases = open_cases(settings, database, vault, store, Relay(), staff, lambda: library().answers)
    desks = []
    for number in range(WORKERS):
        cookie = await _session(staff, StaffStore(database, vault), f"benk{number:02d}")
        desks.append(Desk((await staff.session(cookie)).worker.id, cookie))
        await staff.come(desks[-1].id)
    people = []
    for number in range(WAITING + ACTIVE):
        conversation, secret = await store.create("web")
        carried = Carried(("none", "concern", "serious")[number % 3] if number % 10 else "acute", language="nb")
        case = await cases.hand_over((await cases.offer(conversation, "web", carried)).id)
        people.append(Person(case.id, conversation, secret))
    return cases, people, desks


async def _session(staff: Staff, store: StaffStore, name: str) -> str:
    """An account and the token of its open session."""
    given = await staff.add(name, name.title(), ["helpline"]) or ""
    token, _ = await staff.log_in(name, given)
    account = await store.named(name)
    assert account is not None
    assert account.secret is not None
    return await staff.enrol(token, one_time(account.secret), f"fjorten grønne epler {name[::-1]}")


def one_time(secret: str) -> str:
    import pyotp

    return pyotp.TOTP(secret).at(int(time.time()))


async def stored(cases: Cases, ledger: Ledger, people: list[Person]) -> tuple[int, int, int, int]:
    """From the database: how many accepted lines are missing, twice, in the wrong case, or out of order."""
    found: Counter[str] = Counter()
    misplaced = disorder = 0
    for person in people:
        last = {PERSON: -1, WORKER: -1}
        for line in await cases.lines(person.case):
            if line.by == "program":
                continue
            token = line.text.rsplit(" ", 1)[-1]
            sent = ledger.sent[token]
            found[token] += 1
            misplaced += sent.case != person.case
            disorder += sent.number < last[sent.side]
            last[sent.side] = sent.number
    missing = sum(1 for token in ledger.accepted if not found[token])
    return missing, sum(count - 1 for count in found.values()), misplaced, disorder


async def act(stage: Stage) -> None:
    """The whole play, from the first stream to the last line."""
    listening = [asyncio.create_task(stage.hear(person)) for person in stage.people.values()]
    listening += [asyncio.create_task(stage.watch(desk)) for desk in stage.desks]
    listening += [asyncio.create_task(stage.beats(desk)) for desk in stage.desks]
    while stage.ready < len(stage.people) + len(stage.desks):
        await asyncio.sleep(0.1)
    order = list(stage.people)
    seats, waiting = order[:ACTIVE], order[ACTIVE:]
    for number, case in enumerate(seats):
        await stage.take(stage.desks[number % WORKERS], case)
    # What was told of forty new conversations has been fetched.
    await asyncio.sleep(3.0)
    until = time.perf_counter() + SECONDS
    talking = (stage.converse(seat, seats, until) for seat in range(ACTIVE))
    await asyncio.gather(*talking, stage.change_hands(seats, waiting, until))
    end = time.perf_counter() + SETTLE_S
    while (stage.tasks or not stage.ledger.accepted <= stage.ledger.seen) and time.perf_counter() < end:
        await asyncio.sleep(0.1)
    for task in listening:
        task.cancel()
    for result in await asyncio.gather(*listening, return_exceptions=True):
        if isinstance(result, Exception):
            stage.ledger.failed[repr(result)[:80]] += 1


@dataclass
class Found:
    """What one run measured."""

    ledger: Ledger
    missing: int
    twice: int
    misplaced: int
    disorder: int
    load: tuple[float, float]
    busy: float
    """Share of one core that the service used."""
    engine: str

    @property
    def lost(self) -> int:
        return len(self.ledger.accepted - self.ledger.seen) + self.missing

    def late(self, side: str) -> float:
        return percentile(self.ledger.took[side], 0.95)

    @property
    def good(self) -> bool:
        wrong = self.lost or self.twice or self.misplaced or self.disorder or self.ledger.failed
        return not wrong and all(self.late(side) < LIMIT_MS for side in (PERSON, WORKER))


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[int(share * len(ordered))]


async def measure(postgres: str) -> Found:
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-c", "from bot.cli import main; main()", "serve", "--port", str(port)]
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        environment = {"HJEMVEI_FOLDER": folder, "HJEMVEI_MESSAGES_PER_MINUTE": "1000000"}
        if postgres:
            environment["HJEMVEI_DATABASE_URL"] = postgres
        (server,) = stack.enter_context(running(command, **environment))
        settings = settings_room.read({**os.environ, **environment})
        database = Database(settings.database)
        timeout = aiohttp.ClientTimeout(total=60)
        async with aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0), cookie_jar=aiohttp.DummyCookieJar(), timeout=timeout
        ) as session:
            await until_ready(session, base)
            cases, people, desks = await prepare(database, settings)
            stage = Stage(session, base, people, desks)
            process, before, load = psutil.Process(server.pid), time.perf_counter(), os.getloadavg()[0]
            spent = sum(process.cpu_times()[:2])
            await act(stage)
            busy = (sum(process.cpu_times()[:2]) - spent) / (time.perf_counter() - before)
            missing, twice, misplaced, disorder = await stored(cases, stage.ledger, people)
        await database.close()
    ledger = stage.ledger
    return Found(
        ledger=ledger,
        missing=missing,
        twice=ledger.twice + twice,
        misplaced=ledger.misplaced + misplaced,
        disorder=disorder,
        load=(load, os.getloadavg()[0]),
        busy=busy,
        engine="PostgreSQL" if postgres else "SQLite",
    )


def section(found: Found) -> str:
    ledger = found.ledger
    rows = []
    for side, label in ((PERSON, "Person to worker"), (WORKER, "Worker to person")):
        took = ledger.took[side]
        rows.append((f"{label}, p50, ms", f"{statistics.median(took):.0f}", ""))
        rows.append((f"{label}, p95, ms", f"{found.late(side):.0f}", f"{LIMIT_MS:.0f}"))
        rows.append((f"{label}, the slowest, ms", f"{max(took):.0f}", ""))
    rows += [
        ("Lines accepted", f"{len(ledger.accepted)}", ""),
        ("Lost", f"{found.lost}", "0"),
        ("Come or kept twice", f"{found.twice}", "0"),
        ("In the wrong case", f"{found.misplaced}", "0"),
        ("Kept in another order than written", f"{found.disorder}", "0"),
        ("Requests and streams that failed", f"{sum(ledger.failed.values())}", "0"),
        ("Written as the case changed hands: answered by the assistant", f"{ledger.answered_by_program}", ""),
        ("Written as the case changed hands: the worker is told no", f"{ledger.refused}", ""),
    ]
    moves = ", ".join(f"{count} {name}" for name, count in sorted(ledger.moves.items()))
    table = "\n".join(f"| {a} | {b} | {c} |" for a, b, c in rows)
    return f"""## Conversations with a human

Made by `python -m tools.bench_handoff` on {date.today().isoformat()}: {os.cpu_count()} cores (load {found.load[0]:.1f}
before and {found.load[1]:.1f} after, from this and other work), Python {platform.python_version()}, `hjemvei serve` in
one process on {found.engine}, which used {found.busy:.0%} of a core; everybody else on the same machine.
{WAITING} people wait and {ACTIVE} have a worker, all with their stream open; {WORKERS} workers have the console open.
A line every {PAUSE_S:.0f} seconds in each active case for {SECONDS:.0f} seconds, person and worker in turn, and how
urgent it is worked out for each line of a person. Meanwhile: {moves}. From the moment a line was due to be sent
until the other side had it: the person as an event, the worker as an event and then the lines fetched.

| | measured | at most |
| --- | ---: | ---: |
{table}
"""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--postgres", default="", metavar="URL", help="postgresql+asyncpg://… of an empty database")
    given = parser.parse_args()
    found = asyncio.run(measure(given.postgres))
    text = section(found)
    print(text)
    for what, count in found.ledger.failed.most_common():
        print(f"{count} × {what}", file=sys.stderr)
    if not given.postgres:
        write_part("handoff", text)
    if not found.good:
        sys.exit("Linjer mellom mennesker kommer for sent, blir borte, dobles eller havner feil.")


if __name__ == "__main__":
    main()
