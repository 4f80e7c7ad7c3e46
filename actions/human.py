"""The person wants to talk to a human."""

from __future__ import annotations

from rasa_sdk import Action, Tracker

from actions.turn import Turn
from bot.bootstrap import library
from bot.conversation.draft import Draft, listed
from bot.conversation.hearing import Hearing
from bot.conversation.social import Outcome


class ActionHuman(Turn, Action):
    """Says truthfully that nobody is on duty here, and who answers now."""

    def name(self) -> str:
        return "action_human"

    def reply(self, hearing: Hearing, tracker: Tracker) -> Outcome:
        asked = hearing.asked
        answers = library().answers.on(asked.channel)
        phrases = answers.phrases.human
        lines, contacts = answers.phrases.opening(asked.urgency, asked.reasons, asked.abroad)
        draft = Draft(
            texts=[" ".join(lines)] if lines else [],
            topic=asked.topic,
            urgency=asked.urgency,
            kept=asked.kept,
            contacts=contacts,
            handoff="offered",
            sources=["kontaktlisten"],
        )
        draft.texts += [
            listed(phrases.nobody_here, answers.lines_of(phrases.around_the_clock)),
            listed(phrases.office_hours_too, answers.lines_of(phrases.office_hours)),
        ]
        everybody = [*phrases.around_the_clock, *phrases.office_hours]
        draft.contacts += [name for name in everybody if name not in draft.contacts]
        return Outcome(draft, hearing.memory)
