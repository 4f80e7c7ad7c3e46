"""Workers in a chat program of their own, over XMPP.

A case is announced without a word of what it is about. Who first writes «ta KODE» has it, gets the conversation so
far and writes with the person until «slutt». One worker has one case at a time, so that no line can go to the wrong
person. Of several processes one holds the connection; what is to go out waits in the outbox while the server is away.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone

from bot.channels.human import xmpp_words as words
from bot.channels.human.channel import Action, Call, Delivery, Describe, Desk, holder
from bot.channels.human.xmpp_line import Account, Line, Said
from bot.errors import (
    AlreadyTaken,
    CallRefused,
    CaseUnknown,
    HjemveiError,
    IllegalMove,
    MessageTooLong,
    StorageUnavailable,
    Undelivered,
)
from bot.handoff.case import Carried, Case, State
from bot.handoff.case import Line as Written
from bot.storage.human import HumanStore, Thread

logger = logging.getLogger("hjemvei.channels")

_LEASE = timedelta(seconds=30)
_RENEW_S = 5.0
_MOST_CHARACTERS = 4000


class Xmpp:
    """``people``: bare JIDs of those on duty; ``room``: a room whose members are, or None."""

    name = "xmpp"
    early = False

    def __init__(
        self, account: Account, people: Sequence[str], room: str | None, store: HumanStore, describe: Describe
    ) -> None:
        self._describe = describe
        self._store = store
        self._line = Line(account, people, room, self._hear, self._typed)
        self._desk: Desk | None = None
        self._keeper: asyncio.Task[None] | None = None

    def ready(self) -> bool:
        return self._line.up

    async def present(self) -> bool:
        return self._line.up and bool(self._line.here())

    async def start(self, desk: Desk) -> None:
        self._desk = desk
        self._keeper = asyncio.create_task(self._keep())

    async def stop(self) -> None:
        if self._keeper is not None:
            self._keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeper
            self._keeper = None

    async def _keep(self) -> None:
        """Be connected for as long as no other process is."""
        running: asyncio.Task[None] | None = None
        try:
            while True:
                mine = await self._may_hold()
                if mine and (running is None or running.done()):
                    running = asyncio.create_task(self._line.run())
                elif not mine and running is not None:
                    await _end(running)
                    running = None
                await asyncio.sleep(_RENEW_S)
        finally:
            await _end(running)
            with contextlib.suppress(StorageUnavailable):
                await self._store.let_go(self.name)

    async def _may_hold(self) -> bool:
        now = datetime.now(timezone.utc)
        try:
            return await self._store.hold(self.name, now, now + _LEASE)
        except StorageUnavailable as error:
            logger.error("cannot see who holds the XMPP connection: %s", error)
            return False

    # Out

    async def opened(self, delivery: Delivery, case: Case, carried: Carried | None, lines: Sequence[Written]) -> None:
        thread = delivery.thread
        if not thread.remote:
            thread = await self._store.name(thread, remote=words.new_code())
        text = words.announcement(case, thread.remote, again=delivery.again)
        await self._line.announce(text, _id(delivery.key))

    async def moved(self, delivery: Delivery, case: Case, lines: Sequence[Written]) -> None:
        if not delivery.mine:
            return
        text = words.handed_over(case, delivery.thread.remote, lines, self._describe)
        await self._tell_holder(case.taken_by or "", text, delivery.key)

    async def wrote(self, delivery: Delivery, case: Case, line: Written) -> None:
        await self._tell_holder(case.taken_by or "", line.text, delivery.key)

    async def closed(self, delivery: Delivery) -> None:
        held = delivery.thread.holder
        if held.startswith(f"{self.name}:"):
            await self._tell_holder(held, words.ERASED if delivery.erased else words.ENDED, delivery.key)

    async def _tell_holder(self, held: str, text: str, key: str) -> None:
        person = next((person for person in self._line.known() if holder(self.name, person) == held), None)
        if person is None:
            raise Undelivered("worker_unknown")
        await self._line.say(person, text, key=_id(key))

    # In

    async def _hear(self, said: Said) -> None:
        asked, code = words.command(said.text)
        if said.in_room and asked == "say":
            # A room is for talking to each other too.
            return
        answer = await self._answer(said, asked, code)
        if answer:
            with contextlib.suppress(Undelivered):
                await self._line.say(said.sender, answer)

    async def _answer(self, said: Said, asked: str, code: str) -> str:
        """Do what was asked; what to say to the worker, or nothing."""
        try:
            if asked == "help":
                return words.HELP
            if asked == "queue":
                return words.in_queue(await self._waiting())
            thread = await self._own(said.sender)
            if asked == "take":
                return await self._take(said, code, thread)
            if thread is None:
                return words.NOT_TAKEN
            if len(said.text) > _MOST_CHARACTERS:
                return words.TOO_LONG
            return await self._do(said, asked, thread)
        except StorageUnavailable:
            return words.FAILED
        except AlreadyTaken:
            return words.TAKEN
        except MessageTooLong:
            return words.TOO_LONG
        except (CallRefused, CaseUnknown, IllegalMove):
            return words.UNKNOWN_CODE if asked == "take" else words.NOT_SENT
        except HjemveiError as error:
            logger.error("a message over XMPP could not be acted on: %s", type(error).__name__)
            return words.FAILED

    async def _take(self, said: Said, code: str, own: Thread | None) -> str:
        thread = await self._store.by_remote(self.name, code)
        if thread is None:
            return words.UNKNOWN_CODE
        if own is not None:
            # The same words once more, as when a phone sends them again, need no answer.
            return "" if own.case == thread.case else words.HAS_ONE
        await self._act(said, Action.TAKE, thread)
        return ""

    async def _do(self, said: Said, asked: str, thread: Thread) -> str:
        actions = {"close": Action.CLOSE, "release": Action.RELEASE, "say": Action.WRITE}
        await self._act(said, actions[asked], thread)
        return words.GIVEN_BACK if asked == "release" else ""

    async def _act(self, said: Said, action: Action, thread: Thread) -> Case:
        assert self._desk is not None
        # The sender's own id of the stanza: a server may hand over the same one again after a break.
        once = _id(f"{said.sender} {said.id or secrets.token_hex(8)}")
        call = Call(once, action, thread.case, said.sender, text=said.text)
        return await self._desk.act(self.name, call)

    async def _typed(self, sender: str, on: bool) -> None:
        with contextlib.suppress(HjemveiError):
            thread = await self._own(sender)
            if thread is not None and self._desk is not None:
                await self._desk.act(self.name, Call("", Action.TYPING, thread.case, sender, on=on))

    async def _own(self, person: str) -> Thread | None:
        """The case that a worker has."""
        mine = holder(self.name, person)
        threads = await self._store.threads(self.name)
        return next((t for t in threads if t.holder == mine and t.state == State.ACTIVE.value), None)

    async def _waiting(self) -> list[tuple[str, Case]]:
        assert self._desk is not None
        codes = {thread.case: thread.remote for thread in await self._store.threads(self.name)}
        return [(codes[case.id], case) for case in await self._desk.waiting() if codes.get(case.id)]


def _id(key: str) -> str:
    """An id for a stanza that says nothing of what it is made from."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


async def _end(task: asyncio.Task[None] | None) -> None:
    if task is not None:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
