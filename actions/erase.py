"""The person wants the conversation gone."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.speech import say, situation
from bot.bootstrap import library
from bot.conversation.answers import Draft

# Only what asks for it in so many words erases: a guess must not take away what somebody wanted to keep.
_ASKED = re.compile(r"\b(slett\w*|fjern\w*|visk ut|erase|delete|sletta)\b", re.IGNORECASE)


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
        if _ASKED.search(tracker.latest_message.get("text") or ""):
            draft.erase = True
            draft.texts.append(phrases.done)
        else:
            draft.texts.append(phrases.how)
        return say(dispatcher, tracker, draft)
