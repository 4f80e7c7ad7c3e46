"""Rasa's RulePolicy, at a cost that does not grow with the number of topics."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import USER
from rasa.shared.core.domain import State
from rasa.shared.nlu.constants import INTENT


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class IndexedRulePolicy(RulePolicy):
    """Predicts what RulePolicy predicts, but looks only at the rules that end in the intent at hand.

    RulePolicy holds every rule against the state, several times a message; there is a rule for each topic.
    """

    def _get_possible_keys(self, lookup: dict[str, str], states: list[State]) -> set[str]:
        by_intent = self._by_intent(lookup)
        intent = _intent(states[-1]) if states else None
        near = by_intent[intent] | by_intent[None] if intent else by_intent[None]
        keys: set[str] = super()._get_possible_keys({key: lookup[key] for key in near}, states)
        return keys

    def _by_intent(self, lookup: dict[str, str]) -> defaultdict[str | None, set[str]]:
        """The keys of ``lookup`` by the intent of their last state; made once for each table."""
        made: dict[int, tuple[int, defaultdict[str | None, set[str]]]] = self.__dict__.setdefault("_indexes", {})
        size, index = made.get(id(lookup), (-1, defaultdict(set)))
        if size != len(lookup):
            index = defaultdict(set)
            for key in lookup:
                index[_intent(self._rule_key_to_state(key)[-1])].add(key)
            made[id(lookup)] = (len(lookup), index)
        return index


def _intent(state: Any) -> str | None:
    intent = (state or {}).get(USER, {}).get(INTENT)
    return str(intent) if intent else None
