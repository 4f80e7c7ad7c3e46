"""Guided help, one question at a time."""

from __future__ import annotations

from rasa_sdk import Action, Tracker

from actions.ask_back import ask_back
from actions.turn import Turn
from bot.bootstrap import library
from bot.conversation.guided import guided
from bot.conversation.hearing import Hearing
from bot.conversation.social import Outcome


class ActionGuide(Turn, Action):
    """The next question that changes the help, or the result, as a guide of knowledge/guides/ has it."""

    def name(self) -> str:
        return "action_guide"

    def reply(self, hearing: Hearing, tracker: Tracker) -> Outcome:
        answers = library().answers.on(hearing.asked.channel)
        return guided(hearing, answers) or ask_back(hearing, tracker)
