"""How an action hears what was said and speaks its answer."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.bootstrap import library
from bot.conversation.draft import Draft, Situation
from bot.conversation.engine import GUIDE, HANDOFF, METADATA, SECTION
from bot.conversation.hearing import Hearing
from bot.conversation.memory import OF_ANOTHER, OTHER, SELF, Heard, Memory, at_home, fold_in, of_another
from bot.conversation.phrases import ALARMING
from bot.conversation.social import Outcome
from bot.knowledge.model import Section
from bot.language.moves import READ_IN, find_move
from bot.language.urgency_words import highest

STAFF_CHANNEL = "staff"
# Below this probability the answer says that it may be another that is wanted, and offers the next candidates.
_GUESS = 0.4
# Below this a topic is not offered as what may have been meant.
_CONCEIVABLE = 0.02
_ALTERNATIVES = 2
_LIKELY = 3
# Nobody's pupils or clients.
_NEAR_ONES = {"venn", "venninne", "søster", "bror", "søsken", "kusine", "fetter", "kjæreste", "klassekamerat"}


def hear(tracker: Tracker) -> Hearing:
    """The latest message, what was known before it and what is known with it."""
    latest = tracker.latest_message
    parsed = latest.get("parse_data", latest)
    entities = {entity["entity"]: entity["value"] for entity in latest.get("entities", ())}
    channel = tracker.get_latest_input_channel() or "web"
    heard = Heard(
        text=latest.get("text") or "",
        topic=latest["intent"]["name"],
        confidence=latest["intent"].get("confidence", 1.0),
        urgency=parsed.get("urgency") or "none",
        reasons=parsed.get("reasons") or (),
        alarms=parsed.get("alarms") or (),
        said=parsed.get("said") or (),
        channel=channel,
        language=parsed.get("language") or "nb",
        role="professional" if channel == STAFF_CHANNEL else entities.get("role"),
        guide=entities.get(GUIDE) or library().answers.talk.named(latest.get("text") or ""),
    )
    before = Memory.of(tracker.slots)
    back = None
    if not heard.alarms and heard.language in READ_IN:
        back = library().answers.talk.asked_back(find_move(heard.text), before.told)
    pending = str(before.spoken.get("pending") or "")
    memory = fold_in(before, heard)
    memory = memory.saying(pending=None) if pending else memory
    users = [event for event in tracker.events if event["event"] == "user"]
    said = [event.get("text") for event in users]
    at = [float(event.get("timestamp") or 0.0) for event in users[-2:]]
    return Hearing(
        heard=heard,
        before=before,
        memory=memory,
        asked=_situation(tracker, heard, memory, entities.get(SECTION), back),
        asks_back=back is not None,
        chosen="urgency" not in parsed,
        repeats=_repeats(said),
        first=len(said) <= 1 and not before.spoken,
        away_s=at[1] - at[0] if len(at) == 2 else 0.0,
        handoff=(users[-1].get("metadata") or {}).get(HANDOFF) or {} if users else {},
        pending=pending,
        kept_before=_kept_before(tracker),
    )


def _kept_before(tracker: Tracker) -> tuple[str, tuple[str, ...]]:
    """The urgency that was kept before the latest message raised it, and its reasons."""
    level, reasons = "none", ()
    kept: tuple[str, tuple[str, ...]] = (level, reasons)
    for event in tracker.events:
        if event["event"] == "user":
            kept = (level, tuple(reasons))
        elif event["event"] == "slot" and event["name"] == "urgency":
            level = highest(level, event["value"]) if event["value"] else "none"
        elif event["event"] == "slot" and event["name"] == "reasons":
            reasons = event["value"] or ()
    return kept


def _repeats(said: list[str | None]) -> int:
    """How many times in a row the last message came."""
    last = (said[-1] or "").casefold() if said else ""
    number = 0
    for text in reversed(said):
        if (text or "").casefold() != last:
            break
        number += 1
    return number


def _situation(tracker: Tracker, heard: Heard, memory: Memory, section: str | None, back: str | None) -> Situation:
    kept = tracker.get_slot("urgency") or "none"
    return Situation(
        topic=back or _for_reader(tracker, heard, memory),
        # The message's own level counts even where it gave no reason that the conversation keeps.
        urgency=highest(kept, heard.urgency),
        kept=kept,
        reasons=heard.reasons or tracker.get_slot("reasons") or (),
        countries=memory.countries,
        professional=memory.facts.get("role") == "professional",
        channel=heard.channel,
        language=heard.language,
        section=Section[section] if section else None,
        told=memory.told,
        others=others(tracker, heard.topic) if heard.confidence < _GUESS and back is None else (),
        at_home=memory.facts.get("abroad") == "no",
        age=memory.fact("their_age" if memory.about else "age"),
        years=memory.ages.get(OTHER if memory.about else SELF),
        away=memory.facts.get("abroad") == "yes",
        other=bool(memory.about),
    )


def _for_reader(tracker: Tracker, heard: Heard, memory: Memory) -> str:
    """The topic; the likeliest that does not speak to professionals, for who writes of a friend or a sister."""
    if heard.topic == "utland.er_i_utlandet" and at_home(heard):
        return OF_ANOTHER[heard.topic] if memory.about else "utland.frykt_for_reise"
    if of_another(memory, heard):
        return OF_ANOTHER.get(heard.topic, heard.topic)
    mine = any(entity["value"] in _NEAR_ONES for entity in heard.named("relation"))
    if not heard.topic.startswith("fag.") or memory.facts.get("role") == "professional" or not mine:
        return heard.topic
    ranked = [item["name"] for item in tracker.latest_message.get("intent_ranking", ())][:_LIKELY]
    return next((name for name in ranked if not name.startswith(("fag.", "bot."))), heard.topic)


def others(tracker: Tracker, topic: str | None) -> list[str]:
    """The likeliest topics beside ``topic``, small talk left out, and what is next to impossible."""
    ranking = tracker.latest_message.get("intent_ranking", ())
    ranked = [item["name"] for item in ranking if item["confidence"] >= _CONCEIVABLE]
    return [name for name in ranked if name != topic and not name.startswith("bot.")][:_ALTERNATIVES]


def say(dispatcher: CollectingDispatcher, tracker: Tracker, outcome: Outcome) -> list[dict[str, Any]]:
    """Utter the draft, its metadata with the first text, remember what is known now, and wait for the person."""
    draft = outcome.draft
    memory = _not_again(draft, outcome.memory, tracker.get_latest_input_channel() or "web")
    buttons = [{"title": choice["title"], "payload": choice["title"]} for choice in draft.choices]
    for number, text in enumerate(draft.texts):
        first, last = number == 0, number == len(draft.texts) - 1
        dispatcher.utter_message(
            text=text, buttons=buttons if last else None, **({METADATA: draft.metadata()} if first else {})
        )
    if draft.contacts and not outcome.forgets:
        memory = memory.saying(contacts=draft.contacts)
    events = [SlotSet(name, value) for name, value in memory.slots().items() if value != tracker.get_slot(name)]
    if outcome.lowers:
        # Let go of, and set again to what is left of it.
        events += [SlotSet("urgency", None), *([SlotSet("urgency", draft.kept)] if draft.kept != "none" else [])]
    else:
        # What was answered as urgent stays so until the person says otherwise, but for who only looks something up.
        raised = "urgent" if draft.urgency in ALARMING and memory.facts.get("role") != "professional" else "none"
        level = highest(draft.kept, raised)
        kept = tracker.get_slot("urgency") or "none"
        if highest(level, kept) != level:
            # The message raised it, and was no more than small talk.
            events.append(SlotSet("reasons", list(_kept_before(tracker)[1]) or None))
        if level != kept:
            events += [SlotSet("urgency", None), *([SlotSet("urgency", level)] if level != "none" else [])]
    if outcome.lowers or outcome.forgets:
        events.append(SlotSet("reasons", None))
    # Said outright, so that Rasa need not work out what every one of our actions ends with.
    return [*events, FollowupAction("action_listen")]


def _not_again(draft: Draft, memory: Memory, channel: str) -> Memory:
    """The numbers stay first while there is danger, in fewer words from the second time on."""
    answers = library().answers.on(channel)
    if draft.urgency not in ALARMING or not draft.texts or not answers.phrases.begins(draft.texts[0]):
        return memory
    if memory.spoken.get("neutral"):
        # Another may be reading: the first line would tell what was written before.
        draft.texts[:1] = draft.texts[:1] if len(draft.texts) == 1 else []
        return memory
    opening, numbers = draft.texts[0], answers.phrases.numbers_in(draft.texts[0])
    if answers.brief or not numbers or opening != memory.spoken.get("opening"):
        return memory.saying(opening=opening)
    line, memory = answers.talk.pick(f"still.{draft.urgency}", memory)
    draft.texts[0] = line.format(numbers=numbers)
    return memory


def told(memory: Memory, draft: Draft) -> Memory:
    """The memory of the draft's topic having been answered."""
    if draft.topic is None or draft.topic.startswith("bot."):
        return memory
    return Memory(**{**vars(memory), "told": (*memory.told, draft.topic)})
