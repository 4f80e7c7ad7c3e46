"""The Rasa agent inside this process: loaded once, its actions called without a network between."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import rasa.core.agent
from rasa.core.lock_store import InMemoryLockStore, LockStore, RedisLockStore
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection
from redis.connection import parse_url

from bot.errors import ModelMissing


class ActionsInProcess(EndpointConfig):
    """Rasa's action endpoint without the server: the same classes that ``rasa run actions`` serves."""

    def __init__(self, package: str = "actions") -> None:
        # Without the selective domain Rasa would serialise the whole domain for every action.
        super().__init__(enable_selective_domain=True)
        self._executor = ActionExecutor()
        self._executor.register_package(package)

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        """Run the action that ``json`` names; what Rasa would read from the server's response."""
        call = kwargs["json"]
        try:
            return cast(Any, await self._executor.run(call))
        except ActionExecutionRejection as rejection:
            raise ClientResponseError(
                400, "rejected", f'{{"action_name": "{rejection.action_name}", "error": ""}}'
            ) from rejection


class Agent(rasa.core.agent.Agent):
    """Rasa's agent, less the fallback that would keep a conversation in memory when the database is gone."""

    @staticmethod
    def _create_tracker_store(store: TrackerStore | None, domain: Domain) -> TrackerStore:
        if store is None:
            raise TypeError("the agent needs a tracker store")
        store.domain = domain
        return store


def load_agent(models: Path, tracker_store: TrackerStore, lock_store: LockStore) -> Agent:
    """The newest model of the folder, ready to answer. Raises ModelMissing."""
    if not any(models.glob("*.tar.gz")):
        raise ModelMissing(f"Det er ingen modell i {models}. Kjør «make train» eller «hjemvei train» først.")
    agent = Agent.load(
        model_path=models,
        tracker_store=tracker_store,
        lock_store=lock_store,
        action_endpoint=ActionsInProcess(),
    )
    return cast(Agent, agent)


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
