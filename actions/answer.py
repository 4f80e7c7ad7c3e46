"""Answer a topic from the knowledge base."""

from __future__ import annotations

from dataclasses import replace

from rasa_sdk import Action, Tracker

from actions.ask_back import ask_back
from actions.speech import told
from actions.turn import Turn
from bot.bootstrap import library
from bot.conversation.hearing import Hearing
from bot.conversation.social import Outcome
from bot.conversation.voice import framed


def _only_guessed(hearing: Hearing) -> bool:
    """What comes in the middle of a conversation and is hardly understood: an answer to something else breaks it."""
    heard, asked = hearing.heard, hearing.asked
    return (
        bool(asked.others)
        and bool(asked.told)
        and not asked.professional
        and not heard.alarms
        and asked.channel != "sms"
    )


class ActionAnswer(Turn, Action):
    """The article of the topic, in the form that suits the person, the channel and the urgency."""

    def name(self) -> str:
        return "action_answer"

    def reply(self, hearing: Hearing, tracker: Tracker) -> Outcome:
        answers = library().answers.on(hearing.asked.channel)
        draft = answers.answer(hearing.asked)
        if draft is None or _only_guessed(hearing):
            return ask_back(hearing, tracker)
        draft, memory = framed(draft, hearing, answers)
        memory = told(memory, draft)
        if hearing.asks_back:
            # What the conversation is about stays what it was before the question.
            memory = replace(memory, told=(*memory.told[-1:], *memory.told[:-1]))
        return Outcome(draft, memory)
