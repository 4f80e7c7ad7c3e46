"""The conversation by SMS: a message in, the messages to send out. The same engine, memory and hand-off as the web."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone

from rasa.core.lock_store import LockStore

from bot.channels.sms.commands import Command, chosen, command, without_keywords
from bot.channels.sms.texts import Sms, messages, plain
from bot.conversation.answers import Answers
from bot.conversation.draft import HUMAN_TITLE
from bot.conversation.engine import Conversations
from bot.conversation.message import Message, accept
from bot.conversation.phrases import ALARMING
from bot.conversation.reply import Reply
from bot.conversation.sms_words import SmsWords
from bot.errors import ConversationUnknown, MessageRejected, MessageTooLong
from bot.language import gsm7
from bot.storage.sms_people import Person, SmsPeople, State

CHANNEL = "sms"
_LOCK_WAIT_S = 0.02
_OFFERS = 3

_AS_THE_ENGINE_HEARS_IT = {Command.MORE: "mer", Command.HELP: "hjelp", Command.HUMAN: "menneske"}

NOBODY = ("none", "offered", "closed")
"""States of a case in which no human has the conversation, or has been asked for and may still come."""

Handoff = Callable[[str], Awaitable[str]]
"""The state of a conversation's case, as bot.handoff names it; ``none`` where there is no case."""


async def _no_case(conversation: str) -> str:
    return "none"


class Dialogue:
    """The conversations by SMS of this installation. A person is the keyed hash of a number."""

    def __init__(
        self,
        conversations: Conversations,
        people: SmsPeople,
        locks: LockStore,
        answers: Callable[[], Answers],
        *,
        silence: timedelta,
        keywords: Sequence[str] = (),
        handoff: Handoff = _no_case,
        clock: Callable[[], datetime] = lambda: datetime.now(timezone.utc),
    ) -> None:
        """``silence``: after so long without a message the session has ended. ``keywords``: words that people have to
        begin with on a shared number. ``handoff``: see ``Handoff``."""
        self._conversations = conversations
        self._people = people
        self._locks = locks
        self._answers = answers
        self._silence = silence
        self._keywords = keywords
        self._handoff = handoff
        self._clock = clock

    async def answer(self, person: str, text: str, message_id: str) -> list[str]:
        """The messages to send, each of at most three parts; none where nothing is to be said.

        The same ``message_id`` again gives the same messages and changes nothing. Raises StorageUnavailable; the
        message can then be tried again.
        """
        async with self._locks.lock(f"{CHANNEL}:{person}", wait_time_in_seconds=_LOCK_WAIT_S):
            known = await self._people.load(person)
            if known.last_id == message_id:
                return known.state.answer
            known = await self._awake(known)
            asked = command(text, self._keywords)
            if asked is Command.STOP:
                return await self._stop(known, message_id)
            known = replace(known, opted_out=False, last_id=message_id, last_at=self._clock())
            if asked is Command.ERASE:
                return await self._erase(known)
            if asked is Command.MORE and known.state.rest and await self._state(known) != "active":
                return await self._more(known)
            return await self._talk(known, without_keywords(text, self._keywords), asked)

    async def sweep(self, now: datetime) -> int:
        """End the sessions that have been silent too long: conversation and all else is erased, a wish for no more
        messages excepted. Answers how many."""
        ended = 0
        for person in await self._people.silent_since(now - self._silence):
            async with self._locks.lock(f"{CHANNEL}:{person}", wait_time_in_seconds=_LOCK_WAIT_S):
                known = await self._people.load(person)
                if self._over(known, now) and await self._state(known) in NOBODY:
                    await self._forget(known)
                    ended += 1
        return ended

    def _over(self, known: Person, now: datetime) -> bool:
        return known.last_at is not None and now - known.last_at >= self._silence

    async def _state(self, known: Person) -> str:
        return "none" if known.conversation is None else await self._handoff(known.conversation)

    async def _awake(self, known: Person) -> Person:
        """The person, or who they are after a session that has ended in silence."""
        if not self._over(known, self._clock()) or await self._state(known) not in NOBODY:
            return known
        await self._forget(known)
        return Person(known.id, opted_out=known.opted_out)

    async def _forget(self, known: Person) -> None:
        if known.conversation is not None:
            await self._conversations.erase(known.conversation)
        if known.opted_out:
            await self._people.save(Person(known.id, opted_out=True, last_at=known.last_at))
        else:
            await self._people.forget(known.id)

    async def _stop(self, known: Person, message_id: str) -> list[str]:
        """Confirmed once; to whoever has been told already nothing is said."""
        if known.conversation is not None:
            await self._conversations.erase(known.conversation)
        told = [] if known.opted_out else [plain(self._words.stopped)]
        stopped = Person(known.id, opted_out=True, last_at=self._clock(), last_id=message_id, state=State(answer=told))
        await self._people.save(stopped)
        return told

    async def _erase(self, known: Person) -> list[str]:
        if known.conversation is not None:
            await self._conversations.erase(known.conversation)
        await self._people.forget(known.id)
        return [plain(self._words.erased)]

    async def _more(self, known: Person) -> list[str]:
        now, *rest = [Sms(text, tuple(titles)) for text, titles in known.state.rest]
        return await self._say(known, [now], rest)

    async def _talk(self, known: Person, text: str, asked: Command | None) -> list[str]:
        said = _AS_THE_ENGINE_HEARS_IT[asked] if asked else chosen(text, known.state.choices) or text
        first = known.conversation is None
        try:
            accept(said)
            known, reply = await self._receive(known, said)
        except MessageTooLong:
            return await self._say(known, [Sms(plain(self._words.too_long))], [])
        except MessageRejected:
            return await self._say(known, [Sms(plain(self._words.unreadable))], [])
        if reply.erased:
            await self._people.forget(known.id)
            return [plain(self._words.erased)]
        return await self._say(known, *self._made(reply, asked, first=first))

    async def _receive(self, known: Person, text: str) -> tuple[Person, Reply]:
        """The engine's reply, in a new conversation where there is none or the old one is gone."""
        message = Message(text, CHANNEL, client_message_id=known.last_id)
        if known.conversation is not None:
            try:
                return known, await self._conversations.receive(known.conversation, message)
            except ConversationUnknown:
                pass
        conversation, _ = await self._conversations.start(CHANNEL)
        # Kept before the answer is made: what is tried again goes on in the same conversation.
        known = replace(known, conversation=conversation, state=State())
        await self._people.save(replace(known, last_id=None))
        return known, await self._conversations.receive(conversation, message)

    def _made(self, reply: Reply, asked: Command | None, *, first: bool) -> tuple[list[Sms], list[Sms]]:
        """The reply as messages: what is sent now, and what waits for MER. What is in another language or alphabet
        stands in a message of its own."""
        words, known = self._words, self._answers().sms.addresses
        asks = _asks(reply, self._answers().talk.text("guide.unknown"))
        titles = _titles(reply, asks=asks)
        about = words.commands if asked is Command.HELP else ""
        if first and not about and reply.urgency not in ALARMING and not str(reply.topic).startswith("bot."):
            about = words.about
        foreign = self._answers().sms.foreign
        own = [t for t in reply.texts if t not in foreign and not gsm7.foreign_characters(plain(t, known))]
        other = [text for text in reply.texts if text not in own]
        made = messages(own, titles, words, known, plain(about), asks=asks)
        beside = messages(other, () if own else titles, words, known, asks=asks)
        return [*made[:1], *beside[:1]], [*made[1:], *beside[1:]]

    async def _say(self, known: Person, now: Sequence[Sms], rest: Sequence[Sms]) -> list[str]:
        # The telephone still shows the numbers of the message before, so they hold until there are new ones; but not
        # beside a new question, the end of which waits for MER: a «JA» is for that one.
        old = [] if any(sms.choices for sms in rest) else known.state.choices
        state = State(
            rest=[(sms.text, list(sms.choices)) for sms in rest],
            choices=next((list(sms.choices) for sms in now if sms.choices), old),
            answer=[sms.text for sms in now],
        )
        await self._people.save(replace(known, state=state))
        return state.answer

    @property
    def _words(self) -> SmsWords:
        return self._answers().sms.words


def _titles(reply: Reply, *, asks: bool) -> list[str]:
    """The choices to show: all where they answer a question, few where they offer more, and none where only a human is
    offered and the text has said how to ask for one."""
    titles = [button.title for button in reply.buttons]
    if titles == [HUMAN_TITLE] and "MENNESKE" in "".join(reply.texts):
        return []
    return titles if asks else titles[:_OFFERS]


def _asks(reply: Reply, unknown: str) -> bool:
    """The buttons answer what the reply asks; otherwise they offer more."""
    if not reply.buttons:
        return False
    nothing_answered = reply.topic is None or reply.topic.startswith("bot.")
    return (
        nothing_answered
        or any(button.title == unknown for button in reply.buttons)
        or reply.texts[-1].rstrip().endswith("?")
    )
