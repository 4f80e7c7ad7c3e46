"""A short message that adds to the last one, or corrects it."""

from __future__ import annotations

from rasa_sdk import Action, Tracker

from actions.ask_back import ask_back
from actions.speech import told
from actions.turn import Turn
from bot.bootstrap import library
from bot.conversation.follow_up import follow_up
from bot.conversation.hearing import Hearing, follows
from bot.conversation.social import Outcome


class ActionFollowUp(Turn, Action):
    """The last answer again, for what is known now; a question back where there is nothing to follow."""

    def name(self) -> str:
        return "action_follow_up"

    def reply(self, hearing: Hearing, tracker: Tracker) -> Outcome:
        answers = library().answers.on(hearing.asked.channel)
        followed = follow_up(hearing, answers) if follows(hearing) else None
        if followed is None:
            return ask_back(hearing, tracker)
        return Outcome(followed.draft, told(followed.memory, followed.draft))
