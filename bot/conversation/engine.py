"""One message in, one reply out: the same way for every channel."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.lock_store import LockStore
from rasa.shared.core.events import SlotSet

from bot.conversation.agent import Agent
from bot.conversation.answers import Answers
from bot.conversation.channel import ReplyChannel
from bot.conversation.known import Observer, known, last_slot
from bot.conversation.message import Message, accept
from bot.conversation.phrases import ALARMING
from bot.conversation.reply import Button, Candidate, Reply
from bot.conversation.review import Reviewer
from bot.conversation.takeover import Standing, Takeover, ends, erases
from bot.errors import IllegalMove
from bot.handoff.cases import Cases
from bot.nlu.decision import NOT_UNDERSTOOD
from bot.storage.conversations import ConversationStore, Turn
from bot.storage.tracker_store import current_turn

_CANDIDATES = 5
# Rasa's own wait between two looks at a lock is a second, long for somebody who writes two messages in a row.
_LOCK_WAIT_S = 0.02
METADATA = "hjemvei"
# After these nothing more is expected of the person.
_CLOSING = ("bot.takk", "bot.farvel")
# The answer names the languages itself, or must not show what the conversation was about.
_SAYS_IT_ITSELF = ("bot.spraak", "bot.skjul_og_slett")
SECTION, GUIDE, HANDOFF = "section", "guide", "handoff"


class Conversations:
    """The conversations of this installation."""

    def __init__(
        self,
        store: ConversationStore,
        agent: Agent,
        locks: LockStore,
        answers: Callable[[], Answers],
        reviewer: Reviewer,
        cases: Cases,
        observer: Observer | None = None,
    ) -> None:
        self._store = store
        self._agent = agent
        self._locks = locks
        self._answers = answers
        self._reviewer = reviewer
        self._cases = cases
        self.takeover = Takeover(cases, answers)
        self._observer = observer

    async def start(self, channel: str) -> tuple[str, str]:
        """A new conversation's id and token."""
        return await self._store.create(channel)

    async def authenticate(self, conversation: str, token: str) -> None:
        """Raise ConversationUnknown unless the token is the conversation's own."""
        await self._store.authenticate(conversation, token)

    async def erase(self, conversation: str) -> None:
        """End the conversation and remove it, at once, without waiting for a reply that is under way."""
        await self._cases.forget(conversation)
        await self._store.erase(conversation)

    async def understand(self, text: str) -> dict[str, Any]:
        """What the model makes of a message: topic, ranking, urgency, reasons, entities. Nothing is stored."""
        parsed: dict[str, Any] = await self._agent.parse_message(accept(text))
        return parsed

    async def receive(self, conversation: str, message: Message, *, token: str | None = None) -> Reply:
        """Answer one message; with ``token`` only when it is the conversation's own.

        While a human has the conversation the message goes to them, and the reply has no texts.
        Messages of a conversation are answered in the order they came. The same ``client_message_id`` again gives
        the same reply and changes nothing. Raises MessageRejected, ConversationUnknown or StorageUnavailable; what
        was stored is then as it was before.
        """
        started = time.perf_counter()
        text = accept(message.text)
        async with self._locks.lock(conversation, wait_time_in_seconds=_LOCK_WAIT_S):
            turn = await self._store.load(conversation, token=token, client_message_id=message.client_message_id)
            if turn.answered is not None:
                return _reply_from(turn.answered)
            standing = await self.takeover.standing(conversation)
            draft: Mapping[str, Any] = {}
            taken = await self._to_human(turn, text, message, standing) if standing.active else None
            if taken is not None:
                reply = taken
            else:
                messages = await self._run(turn, text, message.channel, standing)
                reply, draft = self._reply(turn, messages)
                reply = await self._with_case(reply, turn, draft, standing)
            reply = replace(reply, ms=round((time.perf_counter() - started) * 1000, 1))
            if reply.erased:
                await self.erase(conversation)
            else:
                await self._store.commit(
                    turn,
                    choices=draft.get("choices") or (),
                    client_message_id=message.client_message_id,
                    reply=reply.as_dict(),
                )
        if taken is None:
            parsed = _heard(turn)["parse_data"]
            await self._reviewer.note(text, message.channel, parsed)
            understood = parsed["intent"]["name"] != NOT_UNDERSTOOD
            await self._tell(
                turn, known(turn.slots_before), known(turn.slots), understood=understood, erased=reply.erased
            )
        else:
            urgency = last_slot([turn.base, *turn.past], "urgency") or "none"
            raised = last_slot([turn.added], "urgency") or urgency
            await self._tell(turn, {"urgency": urgency}, {"urgency": raised})
        return reply

    async def _tell(
        self,
        turn: Turn,
        before: Mapping[str, str | None],
        after: Mapping[str, str | None],
        *,
        understood: bool | None = None,
        erased: bool = False,
    ) -> None:
        """Tell the observer of a turn. An erased conversation stays what it was: it has forgotten everything."""
        if self._observer is None:
            return
        first = not turn.past
        now = before if erased and not first else after
        await self._observer.turn(
            turn.channel, turn.began, understood=understood, before=None if first else before, after=now
        )

    async def _to_human(self, turn: Turn, text: str, message: Message, standing: Standing) -> Reply | None:
        """The message as a line for the human, and a reply without texts; None where the program is to answer.

        How urgent it is is looked at all the same, so that the human sees it.
        """
        case = standing.case
        if case is None:
            return None
        if erases(text):
            gone = self._answers().phrases.erase.done
            return Reply(turn.conversation, [gone], "bot.skjul_og_slett", handoff="closed", erased=True)
        if ends(text):
            said = await self.takeover.end(case)
            return Reply(turn.conversation, [said], "bot.menneske", urgency=case.urgency, handoff="closed")
        try:
            await self._cases.write(case.id, by="user", text=text, message_id=message.client_message_id)
        except IllegalMove:
            # The human has gone at this very moment.
            return None
        parsed = await self.understand(text)
        after = await self._cases.raised(case.id, parsed.get("urgency") or "none", parsed.get("reasons") or ())
        if after.urgency != case.urgency:
            # The program knows it too when it answers again.
            turn.added = [SlotSet("urgency", after.urgency).as_dict()]
        return Reply(turn.conversation, [], None, urgency=after.urgency, handoff="active")

    async def _with_case(self, reply: Reply, turn: Turn, draft: Mapping[str, Any], standing: Standing) -> Reply:
        """Do to the case what the action said, and say in the reply how it is with it."""
        if reply.erased:
            return reply
        conversation = reply.conversation
        if standing.case is None and not draft.get("case"):
            return reply
        if draft.get("case"):
            await self.takeover.carry_out(draft["case"], standing, conversation, turn.channel)
        if (turn.slots.get("spoken") or {}).get("neutral"):
            # Somebody else may be reading: not a word about a human.
            return reply
        handoff, first, last = await self.takeover.word(standing.case, conversation, reply.urgency)
        return replace(reply, texts=[*first, *reply.texts, *last], handoff=handoff or reply.handoff)

    async def _run(self, turn: Turn, text: str, channel: str, standing: Standing) -> list[dict[str, Any]]:
        output = ReplyChannel(channel)
        user = UserMessage(
            text,
            output_channel=output,
            sender_id=turn.conversation,
            input_channel=channel,
            parse_data=_chosen(text, [*turn.choices, *self.takeover.always(standing)]),
            metadata={HANDOFF: dict(standing.known)},
        )
        if self._agent.processor is None:
            raise TypeError("the agent has no model")
        mark = current_turn.set(turn)
        try:
            await self._agent.processor.handle_message(user)
        finally:
            current_turn.reset(mark)
        return output.messages

    def _reply(self, turn: Turn, messages: Sequence[Mapping[str, Any]]) -> tuple[Reply, Mapping[str, Any]]:
        """The reply, and what the action said of it (empty for a plain response)."""
        heard = _heard(turn)
        parsed = heard["parse_data"]
        urgency = turn.slots.get("urgency") or "none"
        intent = parsed["intent"]["name"]
        said = _said(messages)
        draft = said or {"topic": intent if str(intent).startswith("bot.") else None, "urgency": urgency}
        texts = [str(message["text"]) for message in messages if message.get("text")]
        if not texts:
            # Rasa goes on after an action has failed, and would leave the person without an answer.
            texts, contacts = self._answers().phrases.opening("urgent", (), abroad=True)
            draft = {**draft, "topic": None, "contacts": contacts}
            texts.insert(0, self._answers().phrases.failed)
        beside = self._beside(turn, heard, draft)
        if beside is not None:
            # In danger it is read first; else the answer is.
            texts.insert(1 if draft.get("urgency") in ALARMING else len(texts), beside[0])
            draft = {**draft, "contacts": list(dict.fromkeys([*draft.get("contacts", ()), *beside[1]]))}
        return (
            Reply(
                conversation=turn.conversation,
                texts=texts,
                topic=draft.get("topic"),
                topics=[
                    Candidate(item["name"], round(item["confidence"], 4))
                    for item in parsed.get("intent_ranking", [parsed["intent"]])[:_CANDIDATES]
                ],
                urgency=draft.get("urgency", urgency),
                contacts=list(draft.get("contacts", ())),
                sources=list(draft.get("sources", ())),
                buttons=[Button(c["title"], c["title"]) for c in draft.get("choices", ())],
                handoff=draft.get("handoff", "offered" if urgency in ALARMING else "none"),
                language=draft.get("language", "nb"),
                erased=bool(draft.get("erase")),
                keep=draft.get("keep"),
            ),
            draft,
        )

    def _beside(self, turn: Turn, heard: Mapping[str, Any], draft: Mapping[str, Any]) -> tuple[str, list[str]] | None:
        """What to add for who writes in a language that the answer is not in, once, and again when it is urgent."""
        parsed = heard["parse_data"]
        language, answered = parsed.get("language", "nb"), draft.get("language", "nb")
        if language == answered or parsed["intent"]["name"] in (*_CLOSING, *_SAYS_IT_ITSELF) or draft.get("erase"):
            return None
        earlier = [event for events in turn.past for event in events if event["event"] == "user"]
        told = any((event.get("parse_data") or {}).get("language") == language for event in earlier)
        if told and draft.get("urgency", "none") not in ALARMING:
            return None
        sms, reasons = heard.get("input_channel") == "sms", parsed.get("reasons") or turn.slots.get("reasons") or ()
        return self._answers().beside(language, sms=sms, reasons=reasons)


def _heard(turn: Turn) -> Mapping[str, Any]:
    """The event of the message that the turn answers."""
    return next(event for event in reversed(turn.added) if event["event"] == "user")


def _said(messages: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """What the action said of its answer; empty for a plain response."""
    return next((found for found in (message.get(METADATA) for message in messages) if found), {})


def _chosen(text: str, choices: Sequence[Mapping[str, str]]) -> dict[str, Any] | None:
    """What Rasa would have understood, where the text is one of the quick replies that were offered."""
    spoken = text.casefold().rstrip(" .!?")
    for choice in choices:
        if spoken == choice["title"].casefold().rstrip(" .!?"):
            entities = [
                {"entity": name, "value": choice[name], "start": 0, "end": 0}
                for name in (SECTION, GUIDE)
                if choice.get(name)
            ]
            intent = {"name": choice["topic"], "confidence": 1.0}
            return {"text": text, "intent": intent, "entities": entities, "intent_ranking": [intent]}
    return None


def _reply_from(stored: Mapping[str, Any]) -> Reply:
    return Reply(
        **{
            **stored,
            "topics": [Candidate(**item) for item in stored["topics"]],
            "buttons": [Button(**item) for item in stored["buttons"]],
        }
    )
