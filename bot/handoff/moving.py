"""How a case is changed: one conditional write, then everybody who should know is told."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timezone
from typing import Any

from bot.errors import AlreadyTaken, CaseUnknown, IllegalMove
from bot.handoff.alerts import Alerts, NoAlerts
from bot.handoff.case import Case, Line, State, advance, rank_of
from bot.handoff.news import News, Relay, Watcher
from bot.storage.cases import CaseStore, Record

logger = logging.getLogger("hjemvei.handoff")

PROGRAM, USER, HUMAN = "program", "user", "human"
_TRIES = 20
_EVERYWHERE = [state.value for state in State]


def now_utc() -> datetime:
    return datetime.now(timezone.utc)


class Mover:
    """Changes cases, and tells of it."""

    def __init__(
        self,
        store: CaseStore,
        *,
        news: News | None = None,
        alerts: Alerts | None = None,
        words: Callable[[str, Case], str] = lambda name, case: "",
        clock: Callable[[], datetime] = now_utc,
    ) -> None:
        self.store = store
        self.news: News = news or Relay()
        self.alerts: Alerts = alerts or NoAlerts()
        self.words = words
        self.clock = clock
        self.started = clock()
        self._watchers: list[Watcher] = []

    def watch(self, watcher: Watcher) -> None:
        """From now on ``watcher`` is told of every change that is made in this process."""
        self._watchers.append(watcher)

    async def get(self, case_id: str) -> Case:
        """Raises CaseUnknown."""
        record = await self.store.get(case_id)
        if record is None:
            raise CaseUnknown
        return Case.of(record)

    async def change(
        self,
        case_id: str,
        decide: Callable[[Case], Mapping[str, Any] | None],
        *,
        by: str = PROGRAM,
        why: str = "",
        move: bool = False,
    ) -> Case:
        """Write what ``decide`` says for the case as it is now, and again when somebody else was faster. None from
        ``decide`` leaves the case alone. What ``decide`` raises goes on to the caller."""
        for _ in range(_TRIES):
            case = await self.get(case_id)
            values = decide(case)
            if values is None:
                return case
            if await self.store.change(case_id, case.version, values, self._move(case, values, by, why, move)):
                return await self.get(case_id)
        raise IllegalMove("the case is changed all the time")

    def _move(self, case: Case, values: Mapping[str, Any], by: str, why: str, move: bool) -> Mapping[str, Any] | None:
        if not move:
            return None
        after = values.get("state", case.state.value)
        team = values.get("team", case.team)
        return {"at": self.clock(), "by": by, "before": case.state.value, "after": after, "team": team, "why": why}

    async def move(
        self,
        case_id: str,
        after: State,
        *,
        by: str,
        why: str,
        values: Mapping[str, Any] | None = None,
        version: int | None = None,
        say: str | None = None,
        name: str = "",
    ) -> Case:
        """Bring the case to ``after``. Raises IllegalMove, and AlreadyTaken where another worker has it.

        ``version``: only if nobody has changed it since; else it stays as it is. ``say``: the occasion that the program
        has a word for. ``name``: how the person may call the human.
        """
        seen: list[State] = []

        def decide(case: Case) -> Mapping[str, Any] | None:
            if version is not None and case.version != version:
                return None
            if after is State.ACTIVE and case.state is State.ACTIVE:
                raise AlreadyTaken("another worker has the case")
            advance(case.state, after)
            seen[:] = [case.state]
            return {"state": after.value, **(values or {}), **_left(case.state, after)}

        case = await self.change(case_id, decide, by=by, why=why, move=True)
        if seen:
            await self.told(case, seen[0], say=say, name=name)
        return case

    async def told(self, case: Case, before: State, *, say: str | None = None, name: str = "") -> None:
        """Tell the person, the consoles and the watchers of a move."""
        if say is not None:
            await self.say(case, say)
        if case.conversation is not None:
            data: dict[str, Any] = {"handoff": case.handoff}
            if case.state is State.CLOSED and before is State.ACTIVE:
                data["handoff"] = "closed"
            if case.state is State.WAITING:
                data["place"] = await self.place(case)
            if case.state is State.ACTIVE and name:
                data["name"] = name
            self.news.conversation(case.conversation, "state", data)
        self.news.desk("queue", {"case": case.id})
        self.news.desk("case", {"case": case.id})
        await self._each("moved", case, before)

    async def opened(self, case: Case) -> None:
        """Tell the consoles and the watchers of a new case."""
        self.news.desk("queue", {"case": case.id})
        await self._each("moved", case, None)

    async def place(self, case: Case) -> int:
        """The case's place in its team's queue, from 1; 0 where it does not wait."""
        raise NotImplementedError

    async def say(self, case: Case, occasion: str) -> None:
        """The program's word on an occasion, as a line of the case, so that it reaches every channel."""
        text = self.words(occasion, case)
        if not text or case.conversation is None:
            return
        content = {"text": text, "name": "", "language": "nb"}
        stored = await self.store.write(
            case.id, _EVERYWHERE, at=self.clock(), by=PROGRAM, content=content, message_id=None
        )
        if stored is not None:
            await self.spread(case, line_of(stored[0]))

    async def spread(self, case: Case, line: Line) -> None:
        """Tell of a line that is stored."""
        if case.conversation is not None and line.by != USER:
            self.news.conversation(case.conversation, "message", line.as_message())
        self.news.desk("line", {"case": case.id, "number": line.number})
        await self._each("wrote", case, line)

    async def alert(self, case: Case, *, again: bool) -> None:
        """Tell those on duty. A case is never lost for an alert that fails."""
        try:
            await self.alerts.case_waits(case, again=again)
        except Exception as error:  # noqa: BLE001 - whatever it is, and without its text
            logger.error("an alert could not be given: %s", type(error).__name__)

    async def _each(self, call: str, *given: Any) -> None:
        for watcher in self._watchers:
            try:
                await getattr(watcher, call)(*given)
            except Exception as error:  # noqa: BLE001 - whatever it is, and without its text
                logger.error("%s could not be told of a case: %s", type(watcher).__name__, type(error).__name__)


def _left(before: State, after: State) -> Mapping[str, Any]:
    """What no longer holds once a case has left a state."""
    if before is State.ACTIVE and after is State.WAITING:
        return {"taken_by": None, "taken_at": None, "alive_at": None}
    return {}


def in_order(waiting: Iterable[Record]) -> list[Record]:
    """Rows of cases that wait, as the queue has them."""
    return sorted(waiting, key=lambda row: rank_of(row["urgency"], row["waiting_since"] or row["opened_at"]))


def line_of(record: Record) -> Line:
    """A line from its row."""
    names = ("number", "at", "by", "name", "text", "language", "case")
    return Line(**{name: record[name] for name in names})


def spoken_line(event: Mapping[str, Any]) -> Line:
    """A line from a Rasa event."""
    at = datetime.fromtimestamp(float(event.get("timestamp") or 0.0), timezone.utc)
    return Line(0, at, USER if event["event"] == "user" else PROGRAM, "", str(event["text"]))
