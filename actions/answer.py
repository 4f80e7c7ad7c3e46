"""Answer a topic from the knowledge base."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.ask_back import ask_back
from actions.speech import say, situation
from bot.bootstrap import library


class ActionAnswer(Action):
    """The article of the topic, in the form that suits the person, the channel and the urgency."""

    def name(self) -> str:
        return "action_answer"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        asked = situation(tracker)
        draft = library().answers.answer(asked)
        return say(dispatcher, tracker, draft) if draft else ask_back(dispatcher, tracker)
