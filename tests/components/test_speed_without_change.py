"""What was made faster gives what the slower original gives."""

from __future__ import annotations

import json

import pytest
from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.events import ActionExecuted, BotUttered, SlotSet, UserUttered, deserialise_events

from bot.nlu.features import Ngrams
from bot.nlu.rules import IndexedRulePolicy
from bot.storage.tracker_store import read_events

TEXTS = ["de tok passet mitt", "jeg får ikke gå ut", "æ e redd før faren min", "passet er vekk!!", "jeg jeg jeg", ""]


@pytest.mark.parametrize("text", [*TEXTS, "et nytt ord: passport", "😀 passet"])
def test_a_row_is_what_scikit_learn_makes_of_the_text(text: str) -> None:
    ngrams = Ngrams(least=1).fit(TEXTS)
    assert ngrams.row(text).toarray()[0] == pytest.approx(ngrams.transform([text]).toarray()[0], abs=1e-6)


def _state(intent: str | None, action: str) -> dict[str, dict[str, str]]:
    user = {"user": {"intent": intent}} if intent else {}
    return {**user, "prev_action": {"action_name": action}}


def test_the_index_finds_the_rules_that_rasa_finds() -> None:
    rules = [
        [_state("bot.hilsen", "action_listen")],
        [_state("bot.takk", "action_listen")],
        [_state("bot.hilsen", "action_listen"), _state("bot.hilsen", "utter_hilsen")],
        [_state(None, "action_answer")],
    ]
    lookup = {json.dumps(rule, sort_keys=True): "x" for rule in rules}
    policy = object.__new__(IndexedRulePolicy)
    for states in (
        [_state("bot.hilsen", "action_listen")],
        [_state("bot.hilsen", "action_listen"), _state("bot.hilsen", "utter_hilsen")],
        [_state("ukjent", "action_listen")],
        [_state(None, "action_answer")],
        [_state("bot.takk", "action_answer")],
    ):
        assert policy._get_possible_keys(lookup, states) == RulePolicy._get_possible_keys(policy, lookup, states)


def test_events_are_read_as_rasa_reads_them() -> None:
    stored = [
        event.as_dict()
        for event in (
            ActionExecuted("action_listen"),
            UserUttered("hei", {"name": "bot.hilsen", "confidence": 1.0}),
            SlotSet("urgency", "urgent"),
            BotUttered("hei", metadata={"hjemvei": {"topic": None}}),
        )
    ]
    assert read_events(stored) == deserialise_events([dict(event) for event in stored])
