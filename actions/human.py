"""The person wants to talk to a human."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.speech import say, situation
from bot.bootstrap import library
from bot.conversation.answers import Draft

# Open round the clock, for every age and from abroad; the directory says who runs them and how they are reached.
_ALWAYS_OPEN = ("alarmtelefonen", "vo_linjen", "mental_helse", "udops")
_IN_OFFICE_HOURS = ("rodekors_telefonen",)


class ActionHuman(Action):
    """Says truthfully that nobody is on duty here, and who answers now."""

    def name(self) -> str:
        return "action_human"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        asked = situation(tracker)
        answers = library().answers
        lines, contacts = answers.first_lines(asked.urgency, asked.reasons, bool(asked.countries))
        draft = Draft(
            texts=[" ".join(lines)] if lines else [],
            topic=asked.topic,
            urgency=asked.urgency,
            contacts=contacts,
            handoff="offered",
            sources=["kontaktlisten"],
        )
        always, daytime = answers.lines_of(_ALWAYS_OPEN), answers.lines_of(_IN_OFFICE_HOURS)
        draft.texts.append(
            "Ingen mennesker har vakt i denne chatten ennå. Jeg er et program. "
            "Disse svarer hele døgnet:\n" + "\n".join(f"- {line}" for line in always)
        )
        draft.texts.append("I kontortiden kan du også snakke med:\n" + "\n".join(f"- {line}" for line in daytime))
        draft.contacts += [name for name in (*_ALWAYS_OPEN, *_IN_OFFICE_HOURS) if name not in draft.contacts]
        return say(dispatcher, draft)
