"""When it is not clear what the person means: two or three choices in plain words, and a human."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.speech import situation
from bot.bootstrap import library
from bot.conversation.answers import ALARMING, Draft, choose_between
from bot.conversation.engine import METADATA

_CHOICES = 3


class ActionAskBack(Action):
    """Asks which of the likeliest topics it is."""

    def name(self) -> str:
        return "action_ask_back"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        return ask_back(dispatcher, tracker)


def ask_back(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
    """Offer the likeliest topics that there is an answer to. The number that helps stands first when it is urgent."""
    asked = situation(tracker)
    answers = library().answers
    ranking = [item["name"] for item in tracker.latest_message.get("intent_ranking", ())]
    articles = [article for article in (answers.article(topic) for topic in ranking) if article][:_CHOICES]
    lines, contacts = answers.first_lines(asked.urgency, asked.reasons, bool(asked.countries))
    draft = Draft(
        texts=[],
        topic=None,
        urgency=asked.urgency,
        contacts=contacts,
        choices=choose_between(articles),
        handoff="offered" if asked.urgency in ALARMING else "none",
    )
    if lines:
        dispatcher.utter_message(text=" ".join(lines))
    buttons = [{"title": choice["title"], "payload": choice["title"]} for choice in draft.choices]
    dispatcher.utter_message(response="utter_ask_back", buttons=buttons, **{METADATA: draft.metadata()})
    return [SlotSet("urgency", asked.urgency)]
