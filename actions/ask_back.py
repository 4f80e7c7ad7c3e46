"""When it is not clear what the person means: two or three choices in plain words, and a human."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.speech import say, situation
from bot.bootstrap import library
from bot.conversation.answers import Draft, choose_between
from bot.conversation.phrases import ALARMING

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
    lines, contacts = answers.phrases.opening(asked.urgency, asked.reasons, asked.abroad)
    # Taken in turn, so that the same sentence does not come twice in a row.
    turns = sum(event["event"] == "user" for event in tracker.events)
    question = answers.phrases.ask_back[turns % len(answers.phrases.ask_back)]
    draft = Draft(
        texts=[*([" ".join(lines)] if lines else []), question],
        topic=None,
        urgency=asked.urgency,
        contacts=contacts,
        choices=choose_between(articles),
        handoff="offered" if asked.urgency in ALARMING else "none",
    )
    return say(dispatcher, draft)
