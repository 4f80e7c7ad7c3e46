"""Text messages in and out: what the rest of the house uses."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta, timezone

from bot.channels.signing import matches
from bot.channels.sms.base import HttpProvider, Line, Observer
from bot.channels.sms.intake import Intake, Names
from bot.channels.sms.model import Answer, Raw
from bot.channels.sms.providers import make
from bot.channels.sms.rules import Rules
from bot.channels.sms.worker import Notice, Talks, Ties, Worker
from bot.errors import MessageTooLong, PersonUnreachable, SettingError, StorageUnavailable
from bot.language import gsm7
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.encryption import Vault
from bot.storage.sms_queue import SmsQueue
from bot.storage.sms_records import SmsRecords
from bot.storage.sms_rows import Answer as Written
from bot.storage.sms_rows import Tie

logger = logging.getLogger("hjemvei.sms")

MOST_PARTS = 3
REMEMBERED = timedelta(hours=48)
"""How long a message that comes again is known; longer than any provider repeats."""
KEPT_AT_MOST = timedelta(days=14)
"""After this the number of an open case is forgotten all the same."""
_TIDY_S = 30.0


async def no_ties(person: str) -> Tie:
    """No human has the case."""
    return Tie.FREE


def sms_of(
    settings: Settings, database: Database, vault: Vault, talks: Talks, *, ties: Ties, notice: Notice
) -> Sms | None:
    """The SMS that the settings ask for; none where they name no provider. Raises SettingError."""
    if not settings.sms_provider:
        return None
    if not settings.sms_secret:
        raise SettingError("SMS trenger også HJEMVEI_SMS_SECRET: 16 tilfeldige bokstaver og tall eller flere.")
    line = Line()
    return Sms(settings, database, vault, make(settings, line), talks, ties=ties, notice=notice, line=line)


class Sms:
    """The service's SMS: one provider, one queue."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        vault: Vault,
        provider: HttpProvider,
        talks: Talks,
        *,
        ties: Ties = no_ties,
        notice: Notice = lambda kind: "",
        line: Line | None = None,
    ) -> None:
        self._settings = settings
        self._secret = settings.sms_secret.reveal()
        self._provider = provider
        self._queue = SmsQueue(database, vault)
        self._records = SmsRecords(database)
        self._names = Names(vault)
        self._ties = ties
        self._line = line
        self._intake = Intake(provider, self._queue, self._records, self._names, settings)
        self._worker = Worker(
            provider=provider,
            intake=self._intake,
            queue=self._queue,
            records=self._records,
            names=self._names,
            talks=talks,
            rules=Rules.of(settings),
            ties=ties,
            notice=notice,
            minutes=settings.sms_answer_minutes,
        )

    @property
    def provider(self) -> HttpProvider:
        return self._provider

    def observed_by(self, observer: Observer) -> None:
        """Count what happens with ``observer``."""
        self._provider.observer = self._intake.observer = observer

    def person(self, number: str) -> str:
        """The keyed hash that stands for a number in E.164."""
        return self._names.person(number)

    def opens(self, provider: str, secret: str) -> bool:
        """Whether a request's address is the right one. A wrong name and a wrong secret are told apart by nobody."""
        right = matches(self._secret, secret)
        return matches(self._provider.name, provider) and right and bool(self._secret)

    async def receive(self, raw: Raw) -> Answer:
        """Check, read and keep what the provider sends; what it is to be told."""
        self._worker.at_the_door += 1
        try:
            answer = await self._intake.receive(raw, datetime.now(timezone.utc))
        finally:
            self._worker.at_the_door -= 1
        self._worker.wake()
        return answer

    async def send_to(self, person: str, text: str, message_id: str | None = None, *, closing: bool = False) -> str:
        """What a worker wrote, to a person whose case a human has. Returns the message's id.

        ``message_id``: the same one twice is sent once. ``closing``: it is the last word, of a case that is closed by
        now. Raises PersonUnreachable, MessageTooLong (more than three
        parts) and StorageUnavailable.
        """
        parts = gsm7.parts(text)
        if parts > MOST_PARTS:
            raise MessageTooLong(f"{parts} parts, at most {MOST_PARTS}")
        if not closing and await self._ties(person) is not Tie.HELD:
            await self._queue.forget(person)
            raise PersonUnreachable
        identifier = self._names.outgoing(f"worker:{person}:{message_id or secrets.token_hex(16)}", 0)
        written = Written(identifier, text, self._names.words(person, text), parts)
        if not await self._queue.put_out_for(person, written, datetime.now(timezone.utc)):
            raise PersonUnreachable
        self._worker.wake_sender()
        return identifier

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Answer and send while the block lasts."""
        tasks = [asyncio.create_task(self._worker.run()), asyncio.create_task(self._tidy())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.gather(*tasks, return_exceptions=True)
            if self._line is not None:
                await self._line.close()

    async def waiting(self) -> dict[str, int]:
        """How many wait: ``incoming`` to be answered, ``outgoing`` to be sent."""
        return await self._records.lengths()

    async def _tidy(self) -> None:
        while True:
            try:
                now = datetime.now(timezone.utc)
                await self._records.purge(now - REMEMBERED)
                await self.forget_closed(now)
            except StorageUnavailable as error:
                logger.error("the database cannot be reached: %s", error)
            except Exception:
                logger.exception("tidying failed")
            await asyncio.sleep(_TIDY_S)

    async def forget_closed(self, now: datetime) -> None:
        """Forget the numbers of those whose case no human has any more."""
        for person, since in await self._records.kept():
            if since < now - KEPT_AT_MOST or await self._ties(person) is not Tie.HELD:
                await self._queue.forget(person)
