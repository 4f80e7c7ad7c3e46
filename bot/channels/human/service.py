"""All human channels over the cases: what happens to a case goes out, what humans do comes in.

Outward, nothing depends on being told: what a channel has been sent is held against the case as it stands in the
database, when something happens and every few seconds, and what is missing is put in the outbox. So a process may die
at any point, and another goes on.
"""

from __future__ import annotations

import contextlib
import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone

from bot.channels.delivery import Moot, Route
from bot.channels.human.channel import Action, Call, Delivery, HumanChannel, holder
from bot.errors import CallRefused, CaseUnknown, StorageUnavailable
from bot.handoff.case import Case, Line, State
from bot.handoff.cases import Cases
from bot.storage.alerts import HUMAN, Failure, Outbox, Parcel
from bot.storage.human import HumanStore, Thread

logger = logging.getLogger("hjemvei.channels")

_TRIES = 5
_LATE = timedelta(seconds=60)
_CALLS_KEPT = timedelta(days=2)
_OPENED, _MOVED, _WROTE, _CLOSED = "opened", "moved", "wrote", "closed"
_ERASED = "erased"
"""The state of a thread whose conversation is gone."""


class HumanChannels:
    """The channels of this installation. ``channels``: those besides the console."""

    def __init__(self, cases: Cases, store: HumanStore, outbox: Outbox, channels: Sequence[HumanChannel]) -> None:
        self._cases = cases
        self._store = store
        self._outbox = outbox
        self._channels = {channel.name: channel for channel in channels}
        self.wake: Callable[[], None] = lambda: None
        """Called when there is something new in the outbox."""

    async def start(self) -> None:
        for channel in self._channels.values():
            await channel.start(self)

    async def stop(self) -> None:
        for channel in self._channels.values():
            await channel.stop()

    async def present(self, team: str) -> bool:
        """Whether somebody outside may answer now: somebody is seen to be there, or may be by the team's hours.

        A channel that does not tell who is there counts only for a team that has hours: nobody is promised a human at
        night because a web server is awake.
        """
        there = [await channel.present() for channel in self._channels.values()]
        return True in there or (None in there and self._cases.duty.team(team).hours is not None)

    def channel(self, name: str) -> HumanChannel | None:
        """The channel of that name."""
        return self._channels.get(name)

    def routes(self) -> dict[tuple[str, str], Route]:
        """How the courier sends what lies in the outbox."""
        return {(HUMAN, name): Route(self._send, channel.ready) for name, channel in self._channels.items()}

    async def failures(self) -> list[Failure]:
        """What has not come through to a human channel; see ``Alerts.failures``. Raises StorageUnavailable."""
        return await self._outbox.failures(_now(), _LATE, HUMAN)

    # What happens to a case goes out.

    async def moved(self, case: Case, before: State | None) -> None:
        """A case has moved (the cases call this)."""
        await self.look(case.id)

    async def wrote(self, case: Case, line: Line) -> None:
        """A line was written (the cases call this)."""
        await self.look(case.id)

    async def look(self, case_id: str) -> None:
        """Put in the outbox what the channels have not been sent of a case. Raises StorageUnavailable."""
        for name in self._channels:
            for _ in range(_TRIES):
                if await self._follow(name, case_id):
                    break

    async def sweep(self) -> None:
        """Look at every case that is open or was a moment ago, and say of those that somebody outside has that they
        are alive.

        Raises StorageUnavailable.
        """
        if not self._channels:
            return
        every = [thread for name in self._channels for thread in await self._store.threads(name)]
        threads = [thread for thread in every if thread.state not in (State.CLOSED.value, _ERASED)]
        for case_id in dict.fromkeys([c.id for c in await self._cases.queue()] + [t.case for t in threads]):
            await self.look(case_id)
        await self._beat(threads)

    async def expire(self) -> None:
        """Tell of conversations that are gone, and forget calls from days ago and threads that nothing more comes of.

        Raises StorageUnavailable.
        """
        await self._store.expire(_now() - _CALLS_KEPT)
        for name, channel in self._channels.items():
            for thread in await self._store.threads(name):
                closed = thread.state == State.CLOSED.value
                if closed and channel.early:
                    await self.look(thread.case)
                elif (closed or thread.state == _ERASED) and not await self._outbox.has_due(_lane(name, thread.case)):
                    await self._store.forget(thread)

    async def _beat(self, threads: Sequence[Thread]) -> None:
        """A system that cannot be reached is not alive: its cases go back to the queue as any silent worker's do."""
        held: dict[str, list[str]] = defaultdict(list)
        for thread in threads:
            if thread.state != State.ACTIVE.value or not thread.holder.startswith(f"{thread.channel}:"):
                continue
            if not self._channels[thread.channel].ready():
                continue
            if not await self._outbox.troubled(_lane(thread.channel, thread.case)):
                held[thread.holder].append(thread.case)
        for worker, cases in held.items():
            await self._cases.alive(worker, cases)

    async def _follow(self, name: str, case_id: str) -> bool:
        """One channel's thread brought in step with the case; False when another process was at it too."""
        thread = await self._store.thread(name, case_id)
        case = await self._case(case_id)
        state = State.CLOSED if case is None else case.state
        if thread is None and (state is not State.WAITING):
            return True
        before = thread or Thread(name, case_id)
        gone = case is None or (state is State.CLOSED and case.erased)
        if before.state == _ERASED or (before.state == State.CLOSED.value and not gone):
            return True
        if case is None or state is State.CLOSED:
            after = replace(before, state=_ERASED if gone else State.CLOSED.value)
            parcels = [_parcel(before, _CLOSED, _ERASED if gone else "end")]
        else:
            after, parcels = await self._news_of(before, case)
        if after == before:
            return True
        done = await self._store.advance(before, after, self._outbox, parcels, _now())
        if done and parcels:
            self.wake()
        return done

    async def _news_of(self, before: Thread, case: Case) -> tuple[Thread, list[Parcel]]:
        try:
            lines = await self._cases.lines(case.id, before.line)
        except CaseUnknown:
            lines = []
        newest = max((line.number for line in lines), default=before.line)
        after = replace(before, line=newest, state=_stage(case), holder=case.taken_by or "")
        if case.state is State.WAITING and before.state != after.state:
            after = replace(after, round=before.round + 1)
            # What was written before goes with the announcement.
            return after, [_parcel(before, _OPENED, str(after.round), line=newest)]
        parcels = [_parcel(before, _WROTE, str(line.number), line=line.number) for line in lines if line.by == "user"]
        if (after.state, after.holder) != (before.state, before.holder):
            parcels.insert(0, _parcel(before, _MOVED, str(case.version), line=before.line))
        return after, parcels

    async def _send(self, parcel: Parcel) -> None:
        channel = self._channels[parcel.channel]
        known = await self._store.thread(parcel.channel, parcel.case)
        thread = known or Thread(parcel.channel, parcel.case)
        case = await self._case(parcel.case)
        delivery = Delivery(parcel.key, thread, mine=case is not None and _is_of(channel.name, case))
        if parcel.what == _CLOSED:
            if known is None:
                raise Moot
            erased = case is None or case.erased
            await channel.closed(replace(delivery, erased=erased))
            if erased or not channel.early:
                await self._store.forget(thread)
            return
        if case is None or case.state is State.CLOSED:
            raise Moot
        await self._tell(channel, parcel, delivery, case)

    async def _tell(self, channel: HumanChannel, parcel: Parcel, delivery: Delivery, case: Case) -> None:
        thread = delivery.thread
        if parcel.what == _WROTE:
            elsewhere = case.state is State.ACTIVE and not delivery.mine
            if parcel.line <= thread.shown or elsewhere or not (channel.early or delivery.mine):
                raise Moot
            line = next(
                (line for line in await self._lines(case.id, parcel.line - 1) if line.number == parcel.line), None
            )
            if line is None:
                raise Moot
            await channel.wrote(delivery, case, line)
            await self._store.name(thread, shown=parcel.line)
            return
        if parcel.what == _OPENED and case.state is not State.WAITING:
            raise Moot
        lines = await self._unseen(channel, parcel, thread, case)
        if parcel.what == _OPENED:
            await channel.opened(replace(delivery, again=thread.round > 1), case, case.carried, lines)
        else:
            await channel.moved(delivery, case, lines)
        if channel.early or delivery.mine:
            newest = max((line.at for line in lines), default=None)
            await self._store.name(thread, shown=max(thread.shown, parcel.line), shown_at=newest)

    async def _unseen(self, channel: HumanChannel, parcel: Parcel, thread: Thread, case: Case) -> list[Line]:
        """The conversation up to this event; for a system that keeps what it gets, what it has not had yet.

        What the person writes after it comes line by line.
        """
        if not channel.early and not _is_of(channel.name, case):
            return []

        def is_new(line: Line) -> bool:
            if line.case == case.id:
                return line.number <= parcel.line and not (channel.early and line.number <= thread.shown)
            return not channel.early or thread.shown_at is None or line.at > thread.shown_at

        return [line for line in await self._so_far(case.id) if is_new(line)]

    async def _case(self, case_id: str) -> Case | None:
        try:
            return await self._cases.get(case_id)
        except CaseUnknown:
            return None

    async def _lines(self, case_id: str, after: int) -> list[Line]:
        try:
            return await self._cases.lines(case_id, after)
        except CaseUnknown:
            return []

    async def _so_far(self, case_id: str) -> list[Line]:
        try:
            return await self._cases.conversation_so_far(case_id)
        except CaseUnknown as error:
            raise Moot from error

    # What humans do comes in.

    async def waiting(self) -> list[Case]:
        """The cases that wait, in the queue's order. Raises StorageUnavailable."""
        return [case for case in await self._cases.queue() if case.state is State.WAITING]

    async def act(self, channel: str, call: Call) -> Case:
        """Do what a call asks for; the same call again does nothing and gives the same answer.

        Raises CaseUnknown, IllegalMove, AlreadyTaken, CallRefused, MessageRejected and StorageUnavailable.
        """
        worker = holder(channel, call.worker)
        if call.action is Action.TYPING:
            case = await self._own(call.case, worker)
            await self._cases.typing(case.id, by="human", on=call.on)
            return case
        if not await self._store.first_time(channel, call.id, _now()):
            return await self._cases.get(call.case)
        try:
            case = await self._do(worker, call)
        except Exception:
            # It came to nothing, so the same call may be tried again.
            with contextlib.suppress(StorageUnavailable):
                await self._store.take_back(channel, call.id)
            raise
        await self._look_quietly(call.case)
        return case

    async def _do(self, worker: str, call: Call) -> Case:
        case = await self._cases.get(call.case)
        if call.action is Action.TAKE:
            if case.state is State.ACTIVE and case.taken_by == worker:
                return case
            return await self._cases.take(call.case, worker, name=call.name)
        if call.action is Action.CLOSE and case.state is State.CLOSED:
            return case
        if call.takes and case.taken_by != worker:
            await self._cases.take(call.case, worker, name=call.name)
        await self._own(call.case, worker)
        if call.action is Action.CLOSE:
            return await self._cases.close(call.case, by=worker, closing=None)
        if call.action is Action.RELEASE:
            return await self._cases.release(call.case, by=worker, why="given back")
        # JSON may hold half of a pair of surrogates, which no database takes.
        text = call.text.encode("utf-8", "replace").decode()
        await self._cases.write(call.case, by="human", text=text, name=call.name, worker=worker, message_id=call.id)
        return await self._cases.get(call.case)

    async def _own(self, case_id: str, worker: str) -> Case:
        case = await self._cases.get(case_id)
        if case.state is not State.ACTIVE or case.taken_by != worker:
            raise CallRefused("case_not_yours")
        return case

    async def _look_quietly(self, case_id: str) -> None:
        try:
            await self.look(case_id)
        except StorageUnavailable as error:
            # The sweep puts it right.
            logger.error("could not put news in the outbox: %s", error)


def _now() -> datetime:
    return datetime.now(timezone.utc)


def _stage(case: Case) -> str:
    """The state; for a case that waits also how often it has escalated, since it is announced again then."""
    escalated = case.state is State.WAITING and case.escalations
    return f"{case.state.value}:{case.escalations}" if escalated else case.state.value


def _is_of(channel: str, case: Case) -> bool:
    return case.state is State.ACTIVE and (case.taken_by or "").startswith(f"{channel}:")


def _lane(channel: str, case: str) -> str:
    return f"{HUMAN}:{channel}:{case}"


def _parcel(thread: Thread, what: str, number: str, line: int = 0) -> Parcel:
    lane = _lane(thread.channel, thread.case)
    return Parcel(
        key=f"{lane}:{what}:{number}",
        lane=lane,
        kind=HUMAN,
        channel=thread.channel,
        case=thread.case,
        what=what,
        line=line,
    )
