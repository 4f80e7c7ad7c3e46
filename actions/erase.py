"""The person wants the conversation gone."""

from __future__ import annotations

import re

from rasa_sdk import Action, Tracker

from actions.turn import Turn
from bot.bootstrap import library
from bot.conversation.draft import Draft
from bot.conversation.hearing import Hearing
from bot.conversation.social import Outcome

# Only what asks for it in so many words erases: a guess must not take away what somebody wanted to keep.
_ASKED = re.compile(r"\b(slett\w*|fjern\w*|visk ut|erase|delete|sletta)\b", re.IGNORECASE)


class ActionErase(Turn, Action):
    """Erases the conversation, and says what it cannot erase. The words tell nothing of what was said."""

    def name(self) -> str:
        return "action_erase"

    def reply(self, hearing: Hearing, tracker: Tracker) -> Outcome:
        asked = hearing.asked
        draft = Draft(texts=[], topic=asked.topic, urgency=asked.urgency, kept=asked.kept)
        phrases = library().answers.on(asked.channel).phrases.erase
        if _ASKED.search(hearing.heard.text):
            draft.erase = True
            draft.texts.append(phrases.done)
        else:
            draft.texts.append(phrases.how)
        return Outcome(draft, hearing.memory)
