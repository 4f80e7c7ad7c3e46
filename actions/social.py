"""Small talk, and what else people do with a message: thank, joke, curse, fall silent, ask for it shorter."""

from __future__ import annotations

from rasa_sdk import Action, Tracker

from actions.turn import Turn
from bot.bootstrap import library
from bot.conversation.hearing import Hearing
from bot.conversation.social import Outcome, social


class ActionSocial(Turn, Action):
    """Words of its own for each occasion, never the same twice in a row."""

    def name(self) -> str:
        return "action_social"

    def reply(self, hearing: Hearing, tracker: Tracker) -> Outcome:
        return social(hearing, library().answers.on(hearing.asked.channel))
