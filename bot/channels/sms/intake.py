"""What comes from the provider: checked, read, written down; answered only then."""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Sequence
from datetime import datetime

from bot.channels.sms import numbers
from bot.channels.sms.base import HttpProvider, Observer
from bot.channels.sms.model import Answer, Incoming, Item, Malformed, Raw, Report, Untrusted, Unusable
from bot.conversation.message import MAX_CHARACTERS
from bot.errors import StorageUnavailable
from bot.language.cleaning import clean
from bot.settings import Settings
from bot.storage.encryption import Vault
from bot.storage.sms_queue import SmsQueue
from bot.storage.sms_records import SmsRecords
from bot.storage.sms_rows import Arrived, Pieces

logger = logging.getLogger("hjemvei.sms")

MOST_PARTS = 40
_JOIN = " … "
_HEAD = 1200


class Names:
    """The keyed hashes that stand for numbers, ids and texts."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def person(self, number: str) -> str:
        return self._vault.name("sms-person", number)

    def message(self, provider: str, identifier: str) -> str:
        return self._vault.name("sms-message", f"{provider}:{identifier}")

    def words(self, person: str, text: str) -> str:
        """The same for the same text of the same person, whatever its case and spaces."""
        return self._vault.name("sms-words", f"{person}:{' '.join(text.casefold().split())}")

    def outgoing(self, message: str, place: int) -> str:
        """The id of the answer to ``message`` with this place; 32 characters."""
        return self._vault.name("sms-outgoing", f"{message}:{place}")[:32]


class Intake:
    """Takes requests from one provider into the queue."""

    def __init__(
        self, provider: HttpProvider, queue: SmsQueue, records: SmsRecords, names: Names, settings: Settings
    ) -> None:
        self._provider = provider
        self._queue = queue
        self._records = records
        self._names = names
        self._countries = settings.sms_countries
        self._networks = [ipaddress.ip_network(item) for item in settings.sms_addresses]
        self.observer: Observer = provider.observer

    async def receive(self, raw: Raw, now: datetime) -> Answer:
        """Check, read and keep what a request holds; what the provider is told says whether it was kept."""
        try:
            if not self._may_call(raw.remote):
                raise Untrusted("address")
            self._provider.verify(raw, now)
            items = self._provider.parse(raw)
            await self._keep(items, now)
        except Untrusted as error:
            return self._refused(403, "untrusted", str(error))
        except Malformed as error:
            return self._refused(400, "malformed", str(error))
        except StorageUnavailable as error:
            return self._refused(503, "unavailable", str(error))
        return self._provider.ok()

    def _refused(self, status: int, event: str, word: str) -> Answer:
        self.observer.sms(event, word)
        logger.warning("%s: a request was refused (%d, %s)", self._provider.name, status, word)
        return self._provider.refuse(status)

    def _may_call(self, remote: str) -> bool:
        if not self._networks:
            return True
        try:
            address = ipaddress.ip_address(remote)
        except ValueError:
            return False
        return any(address in network for network in self._networks)

    async def _keep(self, items: Sequence[Item], now: datetime) -> None:
        arrived = []
        for item in items:
            if isinstance(item, Report):
                await self._report(item, now)
            elif isinstance(item, Unusable):
                self._dropped(item.why)
            elif (usable := await self._usable(item)) is not None:
                arrived.append(usable)
        if not arrived:
            return
        new = await self._queue.keep(arrived, now)
        self.observer.sms("kept", "new" if new else "repeat")
        logger.info("%s: %d in, %d of them new", self._provider.name, len(arrived), new)

    async def _usable(self, item: Incoming) -> Arrived | None:
        sender = numbers.read(item.sender, self._countries)
        if sender.refusal:
            self._dropped(sender.refusal)
            return None
        part = item.part
        if part is not None and not (1 <= part.number <= part.of <= MOST_PARTS):
            raise Malformed("part")
        if part is not None and part.of == 1:
            part = None
        # A piece keeps its spaces: they belong between it and the next.
        text = item.text if part else fit(item.text)
        if not text:
            self._dropped("empty")
            return None
        person = self._names.person(sender.number)
        reference = "" if part is None else self._names.message(item.provider, f"part:{part.reference}")
        return Arrived(
            provider=item.provider,
            message=await self._identity(item, person),
            person=person,
            address=sender.number,
            text=text,
            words=self._names.words(person, text),
            abroad=sender.abroad,
            part=None if part is None else (reference, part.number, part.of),
        )

    async def _identity(self, item: Incoming, person: str) -> str:
        """The hash that makes a repeat known.

        Where the provider gives no id, the same words are the same message until something has been sent back: what
        is written again after that is meant as a new one.
        """
        place = "" if item.part is None else f":{item.part.reference}:{item.part.number}"
        if item.id:
            return self._names.message(item.provider, f"id:{item.id}{place}")
        seen = await self._records.newest_out(person)
        return self._names.message(item.provider, f"words:{person}:{item.text}:{seen}{place}")

    def _dropped(self, why: str) -> None:
        self.observer.sms("dropped", why)
        logger.info("%s: a message cannot be answered (%s)", self._provider.name, why)

    async def _report(self, report: Report, now: datetime) -> None:
        hashed = "" if report.reference else self._names.message(report.provider, f"sent:{report.id}")
        said = await self._queue.report(report.state, now, reference=report.reference, provider_id=hashed)
        self.observer.sms("report", report.state if said == "moved" else said)
        logger.info("%s: a report of %s (%s)", self._provider.name, report.state, said)

    def whole(self, pieces: Pieces) -> Arrived:
        """The message that its pieces make; a missing one leaves a gap."""
        text = fit("".join(piece or _JOIN for piece in pieces.texts))
        identity = self._names.message(pieces.provider, "joined:" + "|".join(pieces.messages))
        words = self._names.words(pieces.person, text)
        return Arrived(pieces.provider, identity, pieces.person, pieces.address, text, words, pieces.abroad)


def fit(text: str) -> str:
    """Cleaned, and no longer than a message may be: of a longer one its beginning and its end, where the haste is."""
    text = clean(text)
    if len(text) <= MAX_CHARACTERS:
        return text
    return text[:_HEAD] + _JOIN + text[-(MAX_CHARACTERS - _HEAD - len(_JOIN)) :]
