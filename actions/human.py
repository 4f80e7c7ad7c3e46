"""The person wants to talk to a human."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.speech import say, situation
from bot.bootstrap import library
from bot.conversation.answers import Draft, listed


class ActionHuman(Action):
    """Says truthfully that nobody is on duty here, and who answers now."""

    def name(self) -> str:
        return "action_human"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        asked = situation(tracker)
        answers = library().answers
        phrases = answers.phrases.human
        lines, contacts = answers.phrases.opening(asked.urgency, asked.reasons, asked.abroad)
        draft = Draft(
            texts=[" ".join(lines)] if lines else [],
            topic=asked.topic,
            urgency=asked.urgency,
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
        return say(dispatcher, tracker, draft)
