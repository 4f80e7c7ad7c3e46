"""What happens after a message has been accepted: answered in order, sent, tried again, forgotten.

Several processes may run this at once. Each takes up what it has claimed; what one had when it died is taken up by
another when the claim has run out. A message may therefore be worked on twice, but its answer is written once, and
handed to the provider again only under the same id.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import secrets
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any, Protocol, TypeVar

from bot.channels.sms.intake import Intake, Names
from bot.channels.sms.model import Failure, Outgoing, Provider
from bot.channels.sms.rules import LIMITS, Rules, machine
from bot.errors import MessageRejected, StorageUnavailable
from bot.language import gsm7
from bot.storage.sms_queue import SmsQueue
from bot.storage.sms_records import SmsRecords
from bot.storage.sms_rows import Answer, Queued, Tie, Waiting

logger = logging.getLogger("hjemvei.sms")

ANSWERING, SENDING = 2, 8
"""How many persons are answered, and sent to, at a time by one process. An answer takes the processor, so more of them
at once would only keep those at the door waiting."""
ANSWER_CLAIM, SEND_CLAIM = timedelta(seconds=10), timedelta(seconds=20)
POLL_S = 1.0
PIECES_WAIT = timedelta(minutes=3)
"""How long a long message waits for its missing pieces; then what has come is answered."""
TRIES = 10
_FIRST_WAIT_S, _LONGEST_WAIT_S = 5.0, 900.0
_ROOM_WAIT = timedelta(minutes=1)
_NO_ROOM_FOR = timedelta(hours=1)
_DAY = timedelta(days=1)

Ties = Callable[[str], Awaitable[Tie]]
"""What binds the person with this hash."""
Notice = Callable[[str], str]
"""What a person is told when they cannot be answered: ``limit`` or ``failed``; empty: nothing."""
_Claimed = TypeVar("_Claimed", Waiting, Queued)


class Talks(Protocol):
    """The conversation by SMS."""

    async def answer(self, person: str, text: str, message_id: str) -> list[str]: ...


class Worker:
    """Answers and sends for as long as ``run`` runs."""

    def __init__(
        self,
        *,
        provider: Provider,
        intake: Intake,
        queue: SmsQueue,
        records: SmsRecords,
        names: Names,
        talks: Talks,
        rules: Rules,
        ties: Ties,
        notice: Notice,
        minutes: int,
    ) -> None:
        self._provider = provider
        self._intake = intake
        self._queue = queue
        self._records = records
        self._names = names
        self._talks = talks
        self._rules = rules
        self._ties = ties
        self._notice = notice
        self._lifetime = timedelta(minutes=minutes)
        self._me = secrets.token_hex(8)
        self._to_answer, self._to_send = asyncio.Event(), asyncio.Event()
        self.at_the_door = 0
        """How many requests are being accepted right now; answering gives way to them."""

    def wake(self) -> None:
        """There is something to answer."""
        self._to_answer.set()

    def wake_sender(self) -> None:
        """There is something to send."""
        self._to_send.set()

    async def run(self) -> None:
        """Answer and send until cancelled."""
        tasks = [
            asyncio.create_task(self._pump(self._claim_incoming, self._answer, self._to_answer, ANSWERING)),
            asyncio.create_task(self._pump(self._claim_outgoing, self._send, self._to_send, SENDING)),
        ]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _pump(
        self,
        claim: Callable[[int], Awaitable[Sequence[_Claimed]]],
        work: Callable[[_Claimed], Awaitable[None]],
        wake: asyncio.Event,
        width: int,
    ) -> None:
        busy: set[asyncio.Task[None]] = set()
        try:
            while True:
                wake.clear()
                busy = {task for task in busy if not task.done()}
                claimed: Sequence[_Claimed] = ()
                if len(busy) < width:
                    try:
                        claimed = await claim(width - len(busy))
                    except StorageUnavailable as error:
                        logger.error("the database cannot be reached: %s", error)
                        await asyncio.sleep(POLL_S)
                    except Exception:
                        # Whatever it was must not end the answering of everybody else.
                        logger.exception("messages could not be taken up")
                        await asyncio.sleep(POLL_S)
                busy |= {asyncio.create_task(self._guarded(work, item)) for item in claimed}
                if not claimed or len(busy) >= width:
                    await _first(busy, wake)
        finally:
            for task in busy:
                task.cancel()
            await asyncio.gather(*busy, return_exceptions=True)

    async def _guarded(self, work: Callable[[_Claimed], Awaitable[None]], item: _Claimed) -> None:
        try:
            await work(item)
        except StorageUnavailable as error:
            # The claim runs out, and then it is taken up again.
            logger.error("the database cannot be reached: %s", error)
        except Exception:
            logger.exception("a message was left for another try")

    # Answering

    async def _claim_incoming(self, limit: int) -> Sequence[Waiting]:
        now = _now()
        for pieces in await self._queue.pieces(now - PIECES_WAIT):
            missing = sum(not text for text in pieces.texts)
            if await self._queue.join(pieces, self._intake.whole(pieces), now):
                logger.info("%d pieces put together, %d missing", len(pieces.texts), missing)
        return await self._queue.claim_incoming(self._me, now, now + ANSWER_CLAIM, limit)

    async def _answer(self, waiting: Waiting) -> None:
        tie = await self._ties(waiting.person)
        came, went = await self._records.lately(waiting.person, _now() - _DAY)
        why = machine(came, went, waiting.number, waiting.text, _now())
        if not why and tie is not Tie.HELD:
            why = self._rules.own_limit(came, waiting.number, _now(), abroad=waiting.abroad)
        if why:
            first = not any(row.reason in LIMITS for row in came if row.number < waiting.number)
            said = self._notice("limit") if why in LIMITS and first else ""
            await self._put_away(waiting, [said] if said else [], why, tie)
        elif tie is not Tie.HELD and await self._no_room(waiting, known=bool(went)):
            await self._wait_for_room(waiting)
        else:
            await self._talk(waiting)

    async def _talk(self, waiting: Waiting) -> None:
        await self._give_way()
        started = time.monotonic()
        try:
            texts = await self._talks.answer(waiting.person, waiting.text, waiting.message)
        except MessageRejected:
            await self._put_away(waiting, [], "empty", await self._ties(waiting.person))
            return
        except StorageUnavailable:
            raise
        except Exception:
            logger.exception("a message could not be answered")
            await self._try_later(waiting)
            return
        self._intake.observer.sms_seconds("answer", time.monotonic() - started)
        # Whether a human has the case may have changed by what was just said: «MENNESKE», «STOPP».
        await self._put_away(waiting, texts, "", await self._ties(waiting.person))

    async def _put_away(self, waiting: Waiting, texts: Sequence[str], reason: str, tie: Tie) -> None:
        answers = [
            Answer(self._names.outgoing(waiting.message, place), text, self._names.words(waiting.person, text), parts)
            for place, text in enumerate(texts)
            if (parts := gsm7.parts(text))
        ]
        if await self._queue.answered(waiting, answers, _now(), reason=reason, tie=tie):
            self._intake.observer.sms("dropped" if reason else "answered", reason or str(len(answers)))
            if reason:
                logger.warning("a message was not answered (%s)", reason)
            self.wake_sender()
            self.wake()

    async def _try_later(self, waiting: Waiting) -> None:
        if waiting.tries + 1 >= TRIES:
            logger.error("a message was given up after %d tries", TRIES)
            said = self._notice("failed")
            await self._put_away(waiting, [said] if said else [], "failed", await self._ties(waiting.person))
            return
        await self._queue.later(waiting, _now() + _wait(waiting.tries), tried=True)

    async def _no_room(self, waiting: Waiting, *, known: bool) -> bool:
        parts, abroad = await self._records.parts_out(_now() - timedelta(hours=1))
        return self._rules.all_spent(parts, abroad, abroad=waiting.abroad, known=known)

    async def _wait_for_room(self, waiting: Waiting) -> None:
        self._intake.observer.sms("held_back", "all")
        logger.error("the limit for all messages in an hour is reached: new senders wait")
        if _now() - waiting.received_at > _NO_ROOM_FOR:
            await self._put_away(waiting, [], "limit_all", Tie.FREE)
        else:
            await self._queue.later(waiting, _now() + _ROOM_WAIT, tried=False)

    async def _give_way(self) -> None:
        """Let those who are at the door in first, but not for ever."""
        until = time.monotonic() + 0.1
        while self.at_the_door and time.monotonic() < until:
            await asyncio.sleep(0.001)

    # Sending

    async def _claim_outgoing(self, limit: int) -> Sequence[Queued]:
        now = _now()
        return await self._queue.claim_outgoing(self._me, now, now + SEND_CLAIM, limit)

    async def _send(self, queued: Queued) -> None:
        if _now() - queued.created_at > self._lifetime:
            await self._give_up(queued, "expired", "too_late")
            return
        sent = await self._provider.send(Outgoing(queued.id, queued.address, queued.text))
        if sent.failure is None:
            hashed = self._names.message(self._provider.name, f"sent:{sent.id}") if sent.id else None
            await self._queue.sent(queued, hashed, _now())
            self.wake_sender()
        elif sent.failure is Failure.PERMANENT:
            await self._give_up(queued, "failed", sent.word)
        elif queued.tries + 1 >= TRIES:
            await self._give_up(queued, "expired", sent.word)
        else:
            await self._queue.again(queued, _now() + _wait(queued.tries))

    async def _give_up(self, queued: Queued, state: str, word: str) -> None:
        await self._queue.give_up(queued, state, word, _now())
        self._intake.observer.sms("given_up", word)
        logger.error("a message was given up after %d tries (%s)", queued.tries + 1, word)
        self.wake_sender()


async def _first(busy: set[asyncio.Task[None]], wake: asyncio.Event) -> None:
    """Wait until a task is done, somebody calls or a second has gone."""
    called: asyncio.Task[Any] = asyncio.create_task(wake.wait())
    try:
        await asyncio.wait({called, *busy}, timeout=POLL_S, return_when=asyncio.FIRST_COMPLETED)
    finally:
        called.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await called


def _wait(tries: int) -> timedelta:
    """Growing waits, a little uneven so that what failed together does not come back together."""
    seconds = min(_FIRST_WAIT_S * 3**tries, _LONGEST_WAIT_S)
    return timedelta(seconds=seconds * random.uniform(0.8, 1.2))


def _now() -> datetime:
    return datetime.now(timezone.utc)
