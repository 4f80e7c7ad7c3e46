"""The person wants to talk to a human."""

from __future__ import annotations

from rasa_sdk import Action, Tracker

from actions.turn import Turn
from bot.bootstrap import library
from bot.conversation.handing import human
from bot.conversation.hearing import Hearing
from bot.conversation.social import Outcome


class ActionHuman(Turn, Action):
    """Hands over to who is on duty, with consent; else the truth, who answers now, and a message to leave."""

    def name(self) -> str:
        return "action_human"

    def reply(self, hearing: Hearing, tracker: Tracker) -> Outcome:
        return human(hearing, library().answers.on(hearing.asked.channel))
