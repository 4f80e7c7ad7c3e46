"""When it is not clear what the person means: two or three choices in plain words, and a human."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.speech import others, say, situation
from bot.bootstrap import library
from bot.conversation.answers import Draft, choose_between
from bot.conversation.phrases import ALARMING

_CHOICES = 4
_FEW_WORDS = 5


class ActionAskBack(Action):
    """Asks which of the likeliest topics it is."""

    def name(self) -> str:
        return "action_ask_back"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        return ask_back(dispatcher, tracker)


def ask_back(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
    """Offer what it is likeliest about: more of the last answer, the likeliest topics, or the ways in."""
    asked = situation(tracker)
    looked_up = library().answers.provisions(tracker.latest_message.get("text") or "")
    # Where there is danger the numbers come first, and a paragraph can wait.
    if looked_up is not None and asked.urgency not in ALARMING:
        looked_up.urgency = asked.urgency
        return say(dispatcher, tracker, looked_up)
    answers = library().answers
    phrases = answers.phrases
    last = answers.article(asked.told[-1]) if asked.told else None
    few = len((tracker.latest_message.get("text") or "").split()) < _FEW_WORDS
    topics = phrases.doors if few else others(tracker, None)
    articles = [article for article in map(answers.article, topics) if article][:_CHOICES]
    lines, contacts = phrases.opening(asked.urgency, asked.reasons, asked.abroad)
    if few and not lines and not asked.told:
        lines, contacts = [phrases.reminder()], ["politi_nod", "alarmtelefonen"]
    # Taken in turn, so that the same sentence does not come twice in a row.
    turns = sum(event["event"] == "user" for event in tracker.events)
    question = phrases.ask_back[turns % len(phrases.ask_back)]
    draft = Draft(
        texts=[*([" ".join(lines)] if lines else []), question],
        topic=None,
        urgency=asked.urgency,
        contacts=contacts,
        choices=choose_between([] if few and last else articles, more_of=last),
        handoff="offered" if asked.urgency in ALARMING else "none",
    )
    return say(dispatcher, tracker, draft)
