"""What every action does first: hear the message, and leave it to another action where it is for that one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.speech import hear, say
from bot.bootstrap import library
from bot.conversation.hearing import HUMAN_ACTION, Hearing, action_for, lapsed
from bot.conversation.social import Outcome


class Turn(ABC):
    """One reply to one message. The rules choose an action by topic; a message may be for another all the same.

    Stands beside ``Action`` in an action's bases: Rasa registers whatever is derived from that one.
    """

    @abstractmethod
    def name(self) -> str:
        """As the domain calls it."""

    @abstractmethod
    def reply(self, hearing: Hearing, tracker: Tracker) -> Outcome:
        """The reply and what is known after it."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        hearing = hear(tracker)
        wanted = action_for(hearing, library().answers.guides)
        if wanted not in (None, self.name()):
            return [FollowupAction(wanted)]
        outcome = self.reply(hearing, tracker)
        if outcome.memory.spoken.get("unsure", 0) == hearing.before.spoken.get("unsure", 0) != 0:
            outcome = replace(outcome, memory=outcome.memory.saying(unsure=0))
        if self.name() != HUMAN_ACTION:
            outcome = replace(outcome, memory=lapsed(hearing.before, outcome.memory))
        return say(dispatcher, tracker, outcome)
