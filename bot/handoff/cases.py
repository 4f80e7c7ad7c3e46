"""The cases of this installation: opened, queued, taken, written in, closed.

Whatever changes a case is one conditional write, so of two workers who take it at once one gets it, also when they
are served by different processes.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.errors import CaseUnknown, IllegalMove
from bot.handoff.alerts import Alerts
from bot.handoff.case import DELETED, OPEN, Carried, Case, Closing, Line, Move, Note, State, Wish, plain, rank, worst
from bot.handoff.duty import Duty, Team
from bot.handoff.moving import HUMAN, USER, Mover, in_order, line_of, now_utc, spoken_line
from bot.handoff.news import News
from bot.handoff.tending import tend
from bot.storage.cases import CaseStore

DECLINED, ENDED = "declined", "ended by user"


async def nobody(team: str) -> bool:
    """Where no staff is known, nobody is on duty."""
    return False


async def _no_transcript(conversation: str) -> list[dict[str, Any]]:
    return []


@dataclass(frozen=True)
class Limits:
    """How long is waited for what does not come."""

    silent: timedelta = timedelta(seconds=120)
    """A worker who is not heard from for so long is lost, and the case goes back to the queue."""
    unanswered: timedelta = timedelta(hours=1)
    """An offer that is not answered for so long is closed."""
    kept: timedelta = timedelta(hours=24)
    """What was left and has been read is kept for so long, where its conversation is gone."""
    unread: timedelta = timedelta(days=14)
    """A message that was left and that nobody reads is removed after so long."""
    rows: timedelta = timedelta(days=30)
    """The rows of closed cases, which hold nothing that was written, are removed after so long."""


class Cases(Mover):
    """Every case. One for each house."""

    def __init__(
        self,
        store: CaseStore,
        duty: Duty,
        *,
        news: News | None = None,
        on_duty: Callable[[str], Awaitable[bool]] = nobody,
        staffed: Callable[[str], Awaitable[bool]] = nobody,
        alerts: Alerts | None = None,
        words: Callable[[str, Case], str] = lambda name, case: "",
        transcript: Callable[[str], Awaitable[list[dict[str, Any]]]] = _no_transcript,
        limits: Limits | None = None,
        clock: Callable[[], datetime] = now_utc,
    ) -> None:
        """``on_duty``: somebody of the team is present. ``staffed``: the team has members at all, who will read what is
        left. ``words``: what the program says on an occasion (``taken``, ``lost``, ``escalated``, ``missed``,
        ``closed``); empty for nothing. ``transcript``: the Rasa events of a conversation."""
        super().__init__(store, news=news, alerts=alerts, words=words, clock=clock)
        self.duty = duty
        self.on_duty = on_duty
        self.staffed = staffed
        self.limits = limits or Limits()
        self._transcript = transcript
        self.places: dict[str, int] = {}
        """The place that each waiting case was last told of in this process."""

    # --- who is there

    async def team_on_duty(self, team: str | None = None) -> Team | None:
        """The first team of the chain that answers now, beginning with ``team`` or the first of all."""
        now = self.clock()
        for candidate in self.duty.chain(team or self.duty.first.id):
            if self.duty.on_duty(candidate.id, now) and await self.on_duty(candidate.id):
                return candidate
        return None

    async def takes_messages(self) -> bool:
        """A message can be left: the first team takes them, and has somebody who will read it."""
        first = self.duty.first
        return first.messages and await self.staffed(first.id)

    def opens(self) -> datetime | None:
        """When the first team's hours begin next; None where that is not known."""
        return self.duty.opens(self.duty.first.id, self.clock())

    # --- the person

    async def offer(self, conversation: str, channel: str, carried: Carried) -> Case:
        """A case that waits for consent; the one that is open already, where there is one that a human has or will
        have."""
        current = await self.current(conversation)
        if current is not None and current.state in (State.WAITING, State.ACTIVE):
            return current
        if current is not None and current.state in (State.OFFERED, State.MISSED):
            again = {"carried": plain(carried), "urgency": worst(current.urgency, carried.urgency)}
            return await self.change(current.id, lambda case: again)
        now = self.clock()
        identifier, team = secrets.token_urlsafe(18), self.duty.first.id
        values = {
            "id": identifier,
            "conversation": conversation,
            "channel": channel,
            "state": State.OFFERED.value,
            "team": team,
            "urgency": worst(carried.urgency),
            "opened_at": now,
            "carried": plain(carried),
        }
        move = {"at": now, "by": USER, "before": "", "after": State.OFFERED.value, "team": team, "why": "asked"}
        await self.store.add(values, move)
        case = await self.get(identifier)
        await self.opened(case)
        return case

    async def hand_over(self, case_id: str, *, by: str = USER, shared: bool = True) -> Case:
        """Consent was given: the case joins the queue, and those on duty are told.

        Without ``shared`` nothing of what was said before is passed on but how urgent it is.
        """
        before = await self.get(case_id)
        if before.state in (State.WAITING, State.ACTIVE):
            return before
        team, now = await self.team_on_duty(), self.clock()
        values = {
            "waiting_since": now,
            "queued_at": now,
            "alerted_at": now,
            "team": (team or self.duty.first).id,
            "shared": shared,
            **({} if shared else {"carried": None}),
        }
        case = await self.move(case_id, State.WAITING, by=by, why="asked", values=values)
        await self.alert(case, again=False)
        return case

    async def leave_message(self, case_id: str, wish: Wish) -> Case:
        """What the person wants answered, and how it is safe to do so. Sealed until somebody reads it."""
        return await self.move(case_id, State.CALLBACK, by=USER, why="message", values={"wish": plain(wish)})

    async def current(self, conversation: str) -> Case | None:
        """The conversation's newest case that is not closed."""
        return next((case for case in await self._of(conversation) if case.state in OPEN), None)

    async def newest(self, conversation: str) -> Case | None:
        """The conversation's newest case, closed or not, an open one first."""
        cases = await self._of(conversation)
        return next((case for case in cases if case.state in OPEN), next(iter(cases), None))

    async def state_of(self, conversation: str) -> dict[str, Any] | None:
        """As the event ``state`` has it, while somebody waits or a human has the conversation; else None."""
        case = await self.current(conversation)
        if case is None or case.handoff == "none":
            return None
        place = {"place": await self.place(case)} if case.state is State.WAITING else {}
        return {"handoff": case.handoff, **place}

    async def raised(self, case_id: str, urgency: str, reasons: Sequence[str] = ()) -> Case:
        """The person has written something more urgent. Never lowers."""

        def raise_it(case: Case) -> Mapping[str, Any] | None:
            level = worst(case.urgency, urgency)
            if level == case.urgency or case.state is State.CLOSED:
                return None
            carried = case.carried
            if carried is not None:
                known = tuple(dict.fromkeys([*reasons, *carried.reasons]))
                return {"urgency": level, "carried": plain(replace(carried, urgency=level, reasons=known))}
            return {"urgency": level}

        before = await self.get(case_id)
        after = await self.change(case_id, raise_it)
        if after.urgency != before.urgency:
            # Whoever has the case or watches the queue sees it at once.
            self.news.desk("queue", {"case": case_id})
            self.news.desk("case", {"case": case_id})
        return after

    async def tell(self, case: Case, told: str) -> None:
        """Remember what a reply told the person of the case."""
        await self.store.note_told(case.id, told)

    async def forget(self, conversation: str) -> None:
        """The person deletes the conversation: its cases are closed as such, and what they hold is removed."""
        cases = await self._of(conversation)
        for case in cases:
            # Somebody else may close it at this very moment, which is as good.
            with contextlib.suppress(IllegalMove):
                await self.close(case.id, by=USER, closing=Closing(outcome=DELETED), why=DELETED)
        if cases:
            await self.store.strip([case.id for case in cases])

    # --- the queue

    async def place(self, case: Case) -> int:
        """The case's place in its team's queue, from 1."""
        order = [record["id"] for record in in_order(await self.store.waiting(case.team))]
        return order.index(case.id) + 1 if case.id in order else 0

    async def queue(
        self, teams: Collection[str] | None = None, states: Collection[State] = (State.WAITING,)
    ) -> list[Case]:
        """The cases that wait: acute first, then by urgency, then by how long they have waited."""
        records = await self.store.in_states([state.value for state in states], teams)
        return sorted(map(Case.of, records), key=rank)

    # --- the worker

    async def take(self, case_id: str, worker: str, *, name: str = "") -> Case:
        """The worker has the conversation. Raises AlreadyTaken for the second.

        ``name``: how the person may call them.
        """
        before = await self.get(case_id)
        if before.state is State.ACTIVE and before.taken_by == worker:
            return before
        now = self.clock()
        values = {"taken_by": worker, "taken_at": now, "alive_at": now}
        return await self.move(case_id, State.ACTIVE, by=worker, why="taken", values=values, say="taken", name=name)

    async def release(self, case_id: str, *, by: str, why: str = "released") -> Case:
        """Back to the queue, where it keeps its place by how long the person has waited."""
        case = await self.move(case_id, State.WAITING, by=by, why=why, values=self.requeued(), say="lost")
        await self.alert(case, again=True)
        return case

    async def transfer(self, case_id: str, *, by: str, team: str | None = None, worker: str | None = None) -> Case:
        """To another worker, who has it at once, or to another team's queue."""
        if worker is not None:
            now = self.clock()
            given = {"taken_by": worker, "alive_at": now, **({"team": team} if team else {})}
            return await self._passed_on(case_id, State.ACTIVE, given, by)
        if team is None or team not in self.duty.teams:
            raise IllegalMove("a transfer needs a worker or a team that there is")
        before = await self.get(case_id)
        values = {"team": team, **self.requeued()}
        if before.state is State.WAITING:
            case = await self._passed_on(case_id, State.WAITING, values, by)
        else:
            case = await self.move(case_id, State.WAITING, by=by, why="transfer", values=values)
        await self.alert(case, again=False)
        return case

    async def close(self, case_id: str, *, by: str, closing: Closing | None = None, why: str = "closed") -> Case:
        """It is over: the assistant takes over again, with a word about it."""
        values = {"closed_at": self.clock(), "closing": plain(closing) if closing else None}
        if why == DECLINED:
            values["carried"] = None
        before = await self.get(case_id)
        # A case that was never taken ends without a word: the assistant was there all the time.
        say = "closed" if before.state is State.ACTIVE and why != DELETED else None
        return await self.move(case_id, State.CLOSED, by=by, why=why, values=values, say=say)

    async def write(
        self,
        case_id: str,
        *,
        by: str,
        text: str,
        name: str = "",
        worker: str | None = None,
        message_id: str | None = None,
        language: str = "nb",
    ) -> Line:
        """A line by ``user`` or ``human`` while a human has the case. The same ``message_id`` again acts once.

        With ``worker`` only the one who has the case may write. Raises IllegalMove where the case is not active.
        """
        content = {"text": text, "name": name, "language": language}
        written = await self.store.write(
            case_id,
            [State.ACTIVE.value],
            at=self.clock(),
            by=by,
            content=content,
            message_id=message_id,
            worker=worker,
        )
        if written is None:
            await self.get(case_id)
            raise IllegalMove("nobody writes in a case that is not active, or that another has")
        line = line_of(written[0])
        if written[1]:
            await self.spread(await self.get(case_id), line)
        return line

    async def lines(self, case_id: str, after: int = 0) -> list[Line]:
        """What was written while a human had it, in order, from the line after number ``after``."""
        return [line_of(record) for record in await self.store.lines(case_id, after)]

    async def conversation_so_far(self, case_id: str) -> list[Line]:
        """Everything in the order it was written, the assistant's part too, as far as the person agreed to share it.

        What was written with the assistant has number 0.
        """
        case = await self.get(case_id)
        if case.conversation is None or not case.shared:
            return await self.lines(case_id)
        spoken = [
            spoken_line(event)
            for event in await self._transcript(case.conversation)
            if event["event"] in ("user", "bot") and event.get("text")
        ]
        for other in await self._of(case.conversation):
            spoken += await self.lines(other.id)
        return sorted(spoken, key=lambda line: line.at)

    async def read_message(self, case_id: str, worker: str) -> Wish | None:
        """The message that was left; from now on it is kept no longer than a conversation is."""
        record = await self.store.get(case_id)
        if record is None:
            raise CaseUnknown
        if record["wish"] is None:
            return None
        if record["wish_read_at"] is None:
            now = self.clock()
            await self.change(case_id, lambda case: {"wish_read_at": now}, by=worker, why="message read", move=True)
        return Wish(**record["wish"])

    async def note(self, case_id: str, worker: str, text: str) -> None:
        """Something for other workers."""
        if await self.store.add_note(case_id, worker, text, self.clock()) is None:
            raise CaseUnknown
        self.news.desk("case", {"case": case_id})

    async def notes(self, case_id: str) -> list[Note]:
        return [Note(r["number"], r["at"], r["worker"], r["text"]) for r in await self.store.notes(case_id)]

    async def refer(self, case_id: str, worker: str, contact: str) -> None:
        """The person was referred to a contact of the directory."""
        if await self.store.add_referral(case_id, worker, contact, self.clock()) is None:
            raise CaseUnknown
        self.news.desk("case", {"case": case_id})

    async def referrals(self, case_id: str) -> list[str]:
        """The contacts, in the order that they were referred to."""
        return [record["contact"] for record in await self.store.referrals(case_id)]

    async def log(self, case_id: str) -> list[Move]:
        """Every move: who, when, from, to."""
        names = ("at", "by", "before", "after", "team", "why")
        return [Move(*(record[name] for name in names)) for record in await self.store.moves(case_id)]

    async def alive(self, worker: str, cases: Sequence[str]) -> None:
        """The worker is there, with these cases on the screen."""
        if cases:
            await self.store.heard_from(worker, cases, self.clock())

    async def typing(self, case_id: str, *, by: str, on: bool) -> None:
        """Somebody begins or stops to write."""
        case = await self.get(case_id)
        if case.state is not State.ACTIVE or case.conversation is None:
            return
        if by == HUMAN:
            self.news.conversation(case.conversation, "typing", {"by": HUMAN, "on": on})
        else:
            self.news.desk("typing", {"case": case_id, "on": on})

    async def tick(self, now: datetime | None = None) -> None:
        """What time does to cases: escalation, lost workers, offers and messages that expire. Every few seconds."""
        await tend(self, now or self.clock())

    async def _of(self, conversation: str) -> list[Case]:
        return [Case.of(record) for record in await self.store.of_conversation(conversation)]

    async def _passed_on(self, case_id: str, state: State, values: Mapping[str, Any], by: str) -> Case:
        """The case changes hands without changing its state."""

        def decide(case: Case) -> Mapping[str, Any]:
            if case.state is not state:
                raise IllegalMove(f"a case that is {case.state.value} cannot be transferred so")
            return values

        case = await self.change(case_id, decide, by=by, why="transfer", move=True)
        await self.told(case, state)
        return case

    def requeued(self) -> dict[str, Any]:
        """What holds for a case that comes into a queue now."""
        now = self.clock()
        return {"queued_at": now, "alerted_at": now}
