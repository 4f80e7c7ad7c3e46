"""How an action reads what was said and speaks its answer."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.conversation.answers import Draft, Situation
from bot.conversation.engine import METADATA, SECTION
from bot.knowledge.model import Section

STAFF_CHANNEL = "staff"


def situation(tracker: Tracker) -> Situation:
    """What is known when the action runs: the latest message and what the conversation remembers."""
    latest = tracker.latest_message
    channel = tracker.get_latest_input_channel() or "web"
    section = next((str(e["value"]) for e in latest.get("entities", ()) if e["entity"] == SECTION), None)
    return Situation(
        topic=latest["intent"]["name"],
        urgency=tracker.get_slot("urgency") or "none",
        reasons=latest.get("parse_data", latest).get("reasons") or tracker.get_slot("reasons") or (),
        countries=tracker.get_slot("countries") or (),
        professional=channel == STAFF_CHANNEL or tracker.get_slot("role") == "professional",
        channel=channel,
        section=Section[section] if section else None,
    )


def say(dispatcher: CollectingDispatcher, draft: Draft) -> list[dict[str, Any]]:
    """Utter the draft, its metadata with the first text, remember how urgent it was, and wait for the person."""
    buttons = [{"title": choice["title"], "payload": choice["title"]} for choice in draft.choices]
    for number, text in enumerate(draft.texts):
        first, last = number == 0, number == len(draft.texts) - 1
        dispatcher.utter_message(
            text=text, buttons=buttons if last else None, **({METADATA: draft.metadata()} if first else {})
        )
    # Said outright, so that Rasa need not work out what every one of our actions ends with.
    return [SlotSet("urgency", draft.urgency), FollowupAction("action_listen")]
