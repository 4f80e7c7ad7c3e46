"""The Rasa agent inside this process: loaded once, its actions called without a network between."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import rasa.core.agent
from rasa.core.actions.action import Action, RemoteAction, action_for_name_or_text
from rasa.core.lock_store import InMemoryLockStore, LockStore, RedisLockStore
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa_sdk import Tracker
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher
from redis.connection import parse_url

from bot.errors import ModelMissing
from bot.storage.tracker_store import read_events

ACTIONS = "actions"


class ActionInProcess(RemoteAction):
    """A custom action, run here rather than on an action server.

    Rasa would serialise the tracker and validate the answer against a JSON schema, 10 ms for what this process made
    itself a moment ago. The action classes are the same that ``rasa run actions`` serves.
    """

    def __init__(self, name: str, executor: ActionExecutor) -> None:
        super().__init__(name, None)
        self._executor = executor

    async def run(self, output_channel: Any, nlg: Any, tracker: DialogueStateTracker, domain: Domain) -> list[Event]:
        dispatcher = CollectingDispatcher()
        seen = Tracker.from_dict(tracker.current_state(EventVerbosity.ALL))
        returned = await self._executor.actions[self.name()](dispatcher, seen, {})
        spoken = await self._utter_responses(dispatcher.messages, output_channel, nlg, tracker)
        return [*spoken, *read_events(returned or ())]


class ProcessorInProcess(MessageProcessor):
    """Rasa's processor, with custom actions run in the process."""

    executor: ActionExecutor

    def _get_action(self, action_name: str) -> Action | None:
        return self._here(action_for_name_or_text(action_name, self.domain, None))

    def predict_next_with_tracker_if_should(self, tracker: DialogueStateTracker) -> tuple[Action, PolicyPrediction]:
        action, prediction = super().predict_next_with_tracker_if_should(tracker)
        return self._here(action), prediction

    def _here(self, action: Action) -> Action:
        if type(action) is RemoteAction and action.name() in self.executor.actions:
            return ActionInProcess(action.name(), self.executor)
        return action


class Agent(rasa.core.agent.Agent):
    """Rasa's agent, less the fallback that would keep a conversation in memory when the database is gone."""

    @staticmethod
    def _create_tracker_store(store: TrackerStore | None, domain: Domain) -> TrackerStore:
        if store is None:
            raise TypeError("the agent needs a tracker store")
        store.domain = domain or Domain.empty()
        return store

    def load_model(self, model_path: str | Path, fingerprint: str | None = None) -> None:
        """Load the model into a processor of our own kind."""
        executor = ActionExecutor()
        executor.register_package(ACTIONS)
        processor = ProcessorInProcess(
            model_path=model_path,
            tracker_store=self.tracker_store,
            lock_store=self.lock_store,
            generator=self.nlg,
        )
        processor.executor = executor
        self.processor = processor
        self.domain = processor.domain
        self.tracker_store.domain = processor.domain
        self.nlg.responses = processor.domain.responses
        self._set_fingerprint(fingerprint)


def load_agent(models: Path, tracker_store: TrackerStore, locks: LockStore) -> Agent:
    """The newest model of the folder, ready to answer. Raises ModelMissing."""
    if not any(models.glob("*.tar.gz")):
        raise ModelMissing(f"Det er ingen modell i {models}. Kjør «make train» eller «hjemvei train» først.")
    agent = Agent(tracker_store=tracker_store, lock_store=locks)
    agent.load_model(models)
    return agent


def lock_store(redis_url: str) -> LockStore:
    """Rasa's locks: in memory, or in Redis so that several processes keep a conversation's order."""
    if not redis_url:
        return InMemoryLockStore()
    address = parse_url(redis_url)
    return RedisLockStore(
        host=address.get("host", "localhost"),
        port=address.get("port", 6379),
        db=address.get("db", 1),
        username=address.get("username"),
        password=address.get("password"),
    )
