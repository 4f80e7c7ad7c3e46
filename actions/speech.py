"""How an action reads what was said and speaks its answer."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.conversation.answers import Draft, Situation
from bot.conversation.engine import METADATA, SECTION
from bot.knowledge.model import Section
from bot.language.urgency_words import highest

STAFF_CHANNEL = "staff"
# Below this probability the answer says that it may be another that is wanted, and offers the next candidates.
_GUESS = 0.4
_ALTERNATIVES = 2


def situation(tracker: Tracker) -> Situation:
    """What is known when the action runs: the latest message and what the conversation remembers."""
    latest = tracker.latest_message
    parsed = latest.get("parse_data", latest)
    channel = tracker.get_latest_input_channel() or "web"
    section = next((str(e["value"]) for e in latest.get("entities", ()) if e["entity"] == SECTION), None)
    topic = latest["intent"]["name"]
    return Situation(
        topic=topic,
        # The message's own level counts even where it gave no reason that the conversation keeps.
        urgency=highest(tracker.get_slot("urgency") or "none", parsed.get("urgency") or "none"),
        kept=tracker.get_slot("urgency") or "none",
        reasons=parsed.get("reasons") or tracker.get_slot("reasons") or (),
        countries=tracker.get_slot("countries") or (),
        professional=channel == STAFF_CHANNEL or tracker.get_slot("role") == "professional",
        channel=channel,
        language=parsed.get("language") or "nb",
        section=Section[section] if section else None,
        told=tracker.get_slot("told") or (),
        others=others(tracker, topic) if latest["intent"].get("confidence", 1.0) < _GUESS else (),
    )


def others(tracker: Tracker, topic: str | None) -> list[str]:
    """The likeliest topics beside ``topic``, small talk left out."""
    ranked = [item["name"] for item in tracker.latest_message.get("intent_ranking", ())]
    return [name for name in ranked if name != topic and not name.startswith("bot.")][:_ALTERNATIVES]


def say(dispatcher: CollectingDispatcher, tracker: Tracker, draft: Draft) -> list[dict[str, Any]]:
    """Utter the draft, its metadata with the first text, remember what was told, and wait for the person."""
    buttons = [{"title": choice["title"], "payload": choice["title"]} for choice in draft.choices]
    for number, text in enumerate(draft.texts):
        first, last = number == 0, number == len(draft.texts) - 1
        dispatcher.utter_message(
            text=text, buttons=buttons if last else None, **({METADATA: draft.metadata()} if first else {})
        )
    events = [SlotSet("urgency", draft.kept)] if draft.kept != "none" else []
    if draft.topic is not None and not draft.topic.startswith("bot."):
        events.append(SlotSet("told", [*(tracker.get_slot("told") or ()), draft.topic]))
    # Said outright, so that Rasa need not work out what every one of our actions ends with.
    return [*events, FollowupAction("action_listen")]
