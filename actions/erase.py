"""The person wants the conversation gone."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.speech import say, situation
from bot.bootstrap import library
from bot.conversation.answers import Draft

# Below this probability it says how, rather than erase a conversation that nobody asked to have erased.
_SURE = 0.5


class ActionErase(Action):
    """Erases the conversation, and says what it cannot erase. The words tell nothing of what was said."""

    def name(self) -> str:
        return "action_erase"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        asked = situation(tracker)
        draft = Draft(texts=[], topic=asked.topic)
        phrases = library().answers.phrases.erase
        if tracker.latest_message["intent"].get("confidence", 0.0) >= _SURE:
            draft.erase = True
            draft.texts.append(phrases.done)
        else:
            draft.texts.append(phrases.how)
        return say(dispatcher, draft)
