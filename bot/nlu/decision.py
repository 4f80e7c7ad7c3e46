"""The last word on the topic: danger is never answered with small talk, and a guess is not passed off as more."""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import (
    ENTITIES,
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message

from bot.language.citations import provisions
from bot.language.countries import find_countries
from bot.language.detect import BOKMAL, ENGLISH, NORWEGIAN
from bot.nlu.urgency import URGENCY

NOT_UNDERSTOOD = "nlu_fallback"
OUTSIDE = "bot.utenfor"
SUICIDE, COUNTRY_ALONE, LANGUAGE, SHORT_REPLY = "akutt.selvmord", "utland.ambassade", "bot.spraak", "bot.kort_svar"
TOPIC_OF_REASON = {
    "violence_now": "akutt.vold_naa",
    "threat_to_life": "vold.trusler",
    "suicide": SUICIDE,
    "locked_in": "akutt.innesperret",
    "wedding_soon": "tvang.frykt",
    "fgm_soon": "lemlestelse.frykt",
    "travel_soon": "utland.frykt_for_reise",
    "held_abroad": "utland.er_i_utlandet",
    "passport_taken": "utland.pass_tatt",
}
# What may still be asked for in danger, when it is asked for clearly: a human, or to have the screen hidden.
_ALWAYS_HEARD = {"bot.menneske", "bot.skjul_og_slett"}
_HEARD_CLEARLY = 0.5
# What is said in passing. Who asks for a human or greets may be in danger in the same breath.
_SMALL_TALK = {
    "bot.farvel",
    "bot.forstar_ikke",
    "bot.hva_kan_du",
    "bot.hvem_er_du",
    "bot.innsyn",
    "bot.kort_svar",
    "bot.spraak",
    "bot.takk",
}
_SURELY_SMALL_TALK, _FAIRLY_SURE = 0.95, 0.6
# «Dør av flauhet», «låst meg ute av bilen»: what is surely about something else is no danger when nothing but the tone
# of the message has said so.
_SURELY_OUTSIDE = 0.7
# Reasons that decide the topic whenever a rule has found them.
_DECISIVE = ("suicide", "fgm_soon")
# A threat to one's own life that no word names is believed when the topic is among the likely ones too.
_SUICIDE_LIKELY = 0.15
_FEW_WORDS, _LOOK_UP_WORDS = 5, 7
_WORD = re.compile(r"[^\W\d_]+")
_AGE_ALONE = re.compile(r"\W*((jeg|eg|æ|hun|ho|han|jente|gutt|er|e|bare|snart)\s+)*\d{1,2}( år)?\W*", re.IGNORECASE)
_HELP_ALONE = re.compile(r"\W*(hjelp|help|hjælp|hjelpe)( meg| me| mæ| oss)?\W*", re.IGNORECASE)
# Scripts that no answer of ours is written in.
_OTHER_SCRIPT = re.compile(r"[\u0400-\u04ff\u0600-\u06ff\u0750-\u077f\u1200-\u137f]")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class TopicDecision(GraphComponent, IntentClassifier):
    """Chooses between the best topic, «not understood» and the topic that the alarm's reason names."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Probabilities (0…1). Below ``threshold`` the message was not understood; a few words, and small talk, have to
        reach ``threshold_short``, and a topic for professionals ``threshold_staff`` unless one is writing. Nor was it
        understood when it is out of scope with ``doubt`` or more, unless the topic reaches ``threshold_doubt``."""
        return {
            "threshold": 0.3,
            "threshold_short": 0.45,
            "threshold_staff": 0.5,
            "doubt": 0.05,
            "threshold_doubt": 0.9,
        }

    def __init__(self, config: dict[str, Any]) -> None:
        self._config = config

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TopicDecision:
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if INTENT_RANKING_KEY not in message.data:
                continue  # an intent that Rasa was given as such
            ranking = [
                (item[INTENT_NAME_KEY], item[PREDICTED_CONFIDENCE_KEY]) for item in message.get(INTENT_RANKING_KEY)
            ]
            _drop_unconfirmed(message, ranking)
            chosen, confidence = self._decide(message, ranking)
            if chosen != ranking[0][0]:
                intent = {INTENT_NAME_KEY: chosen, PREDICTED_CONFIDENCE_KEY: confidence}
                message.set(INTENT, intent, add_to_output=True)
        return messages

    def _decide(self, message: Message, ranking: list[tuple[str, float]]) -> tuple[str, float]:
        text, reasons = message.get(TEXT) or "", message.get("reasons") or []
        ruled = message.get("alarms") or []
        for reason in _DECISIVE:
            if reason in ruled:
                return TOPIC_OF_REASON[reason], 1.0
        if message.get("language", BOKMAL) not in (*NORWEGIAN, ENGLISH):
            return LANGUAGE, 1.0
        plain = _said_plainly(text)
        if plain is not None:
            return plain, 1.0
        name, confidence = self._for_this_reader(message, ranking)
        if confidence < _FAIRLY_SURE:
            # Words that decide how urgent it is also say what it is about.
            named = [TOPIC_OF_REASON[reason] for reason in ruled]
            near = next((candidate for candidate in ranking[:3] if candidate[0] in named), None)
            name, confidence = near or (name, confidence)
        if name in _SMALL_TALK and not ruled and confidence >= _SURELY_SMALL_TALK:
            _calm(message)
            return name, confidence
        if name == OUTSIDE and not ruled and not reasons and confidence >= _SURELY_OUTSIDE:
            _calm(message)
            return name, confidence
        alarming = message.get(URGENCY) in ("urgent", "acute")
        if name in _ALWAYS_HEARD and confidence >= _HEARD_CLEARLY:
            return name, confidence
        few = len(text.split()) < _FEW_WORDS or name.startswith("bot.")
        unclear = confidence < self._config["threshold_short" if few else "threshold"]
        if not alarming and name != OUTSIDE and dict(ranking).get(OUTSIDE, 0.0) >= self._config["doubt"]:
            unclear |= confidence < self._config["threshold_doubt"]
        if alarming and (unclear or name.startswith("bot.")):
            return self._in_danger(reasons, ranking), confidence
        return (NOT_UNDERSTOOD if unclear else name), confidence

    def _for_this_reader(self, message: Message, ranking: list[tuple[str, float]]) -> tuple[str, float]:
        """The best topic, past those that speak to professionals when it is not likely that one writes."""
        professional = any(entity["entity"] == "role" for entity in message.get(ENTITIES, []))
        for name, confidence in ranking:
            if professional or not name.startswith("fag.") or confidence >= self._config["threshold_staff"]:
                return name, confidence
        return ranking[0]

    def _in_danger(self, reasons: list[str], ranking: list[tuple[str, float]]) -> str:
        """The best-ranked topic that a reason names, else the first reason's; without reasons the best that helps."""
        named = [TOPIC_OF_REASON[reason] for reason in reasons]
        if SUICIDE in named:
            return SUICIDE
        ranked = [name for name, _ in ranking]
        if named:
            return next((topic for topic in ranked[:5] if topic in named), named[0])
        best = next(((name, score) for name, score in ranking if not name.startswith(("bot.", "fag."))), None)
        return best[0] if best and best[1] >= self._config["threshold"] else NOT_UNDERSTOOD


def _drop_unconfirmed(message: Message, ranking: list[tuple[str, float]]) -> None:
    """Take back «suicide» where only the trained part has heard it and the topic is far from it."""
    reasons = message.get("reasons") or []
    likely = any(name == SUICIDE and score >= _SUICIDE_LIKELY for name, score in ranking)
    if "suicide" not in reasons or "suicide" in (message.get("alarms") or []) or likely:
        return
    message.set("reasons", [reason for reason in reasons if reason != "suicide"], add_to_output=True)
    kept = [e for e in message.get(ENTITIES, []) if (e["entity"], e["value"]) != ("reason", "suicide")]
    message.set(ENTITIES, kept, add_to_output=True)


def _calm(message: Message) -> None:
    """Small talk beyond doubt, and no word of danger in it: let go what the trained part thought it heard."""
    if message.get(URGENCY) not in ("urgent", "acute"):
        return
    message.set(URGENCY, "concern", add_to_output=True)
    message.set("reasons", [], add_to_output=True)
    kept = [entity for entity in message.get(ENTITIES, []) if entity["entity"] not in (URGENCY, "reason")]
    message.set(ENTITIES, kept, add_to_output=True)


def _said_plainly(text: str) -> str | None:
    """The topic of a message that needs no model: another script, an age, a call for help or a country alone."""
    words = _WORD.findall(text)
    if len(_OTHER_SCRIPT.findall(text)) > len(text) / 3:
        return LANGUAGE
    if len(text.split()) <= _LOOK_UP_WORDS and provisions(text):
        return NOT_UNDERSTOOD  # no topic is asked for but a paragraph, which the action that asks back looks up
    if _AGE_ALONE.fullmatch(text) or _HELP_ALONE.fullmatch(text):
        return SHORT_REPLY
    mentions = find_countries(text)
    covered = sum(mention.end - mention.start for mention in mentions)
    if mentions and len(words) <= 3 and covered >= len(text.strip(" ?.!")) - 2:
        return COUNTRY_ALONE
    return None
