"""Rasa's tracker store over ConversationStore.

Rasa's own SQL store reads a conversation's whole history for every message and writes it in clear text. This one
reads a window of turns, and writes what one turn added.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from functools import lru_cache
from typing import Any, cast

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, SlotSet
from rasa.shared.core.events import Event as RasaEvent
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses

from bot.storage.conversations import WINDOW_TURNS, ConversationStore, Event, Turn

current_turn: ContextVar[Turn | None] = ContextVar("current_turn", default=None)
"""The turn that the conversation has opened: read from and added to here, committed by the conversation."""


@lru_cache(maxsize=1)
def _kinds() -> Mapping[str, type[RasaEvent]]:
    # Rasa looks through every subclass for each event it reads.
    return {kind.type_name: kind for kind in all_subclasses(RasaEvent) if getattr(kind, "type_name", None)}


def read_events(stored: Iterable[Mapping[str, Any]]) -> list[RasaEvent]:
    """Rasa's events from what their ``as_dict`` gave."""
    kinds = _kinds()
    events = (kinds[parameters["event"]]._from_parameters(dict(parameters)) for parameters in stored)
    return [event for event in events if event is not None]


class _StoredTracker(DialogueStateTracker):
    """A tracker that knows how many of its events are stored already."""

    known: int = 0


class SealedTrackerStore(TrackerStore):
    """Rasa's view of the stored conversations."""

    def __init__(
        self, store: ConversationStore, domain: Domain | None = None, event_broker: EventBroker | None = None
    ) -> None:
        super().__init__(domain, event_broker)
        self._store = store

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        turn = await self._turn(sender_id)
        if not turn.past:
            return None
        tracker = self._replay(sender_id, [turn.base, *turn.past])
        turn.slots_before = tracker.current_slot_values()
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        turn = await self._turn(tracker.sender_id)
        known = tracker.known if isinstance(tracker, _StoredTracker) else 0
        turn.added = [event.as_dict() for event in list(tracker.events)[known:]]
        turn.slots = tracker.current_slot_values()
        if len(turn.past) >= 2 * WINDOW_TURNS:
            self._shorten(turn)
        if current_turn.get() is not turn and turn.added:
            await self._store.commit(turn)

    async def keys(self) -> list[str]:
        """Rasa lists conversations only for its own HTTP interface, which is not served here."""
        return []

    async def _turn(self, sender_id: str) -> Turn:
        turn = current_turn.get()
        if turn is not None and turn.conversation == sender_id:
            return turn
        return await self._store.load(sender_id)

    def _replay(self, sender_id: str, turns: list[list[Event]]) -> _StoredTracker:
        tracker = _StoredTracker(sender_id, self.domain.slots)
        events = read_events(event for turn in turns for event in turn)
        for event in events:
            tracker.update(event, self.domain)
        tracker.known = len(events)
        return tracker

    def _shorten(self, turn: Turn) -> None:
        """Move the window: keep the last turns, and what the older ones left behind as a few events."""
        older = turn.past[: len(turn.past) - WINDOW_TURNS]
        state = self._replay(turn.conversation, [turn.base, *older])
        base: list[Any] = [
            SlotSet(slot.name, slot.value) for slot in state.slots.values() if slot.value != slot.initial_value
        ]
        if state.active_loop is not None:
            base.append(ActiveLoop(state.active_loop.name))
        base.append(ActionExecuted(ACTION_LISTEN_NAME))
        turn.new_base = [cast(Event, event.as_dict()) for event in base]
        turn.kept = WINDOW_TURNS
