"""NDT's classes and features in Universal Dependencies' words, sentence by sentence.

UD's Norwegian treebanks were made from NDT by rule (Øvrelid and Hohle 2016); these rules were found again by laying
UD's dev files beside NDT. The lists stand in ``mapping.yml``; here stands what depends on the tree: auxiliaries,
prepositions that introduce a clause, relative «som».
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from nlp.corpus import Sentence, Token

TABLE: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("mapping.yml").read_text("utf-8"))
_KIND = {lemma: kind for kind, lemmas in TABLE["kinds"].items() for lemma in lemmas}
_AUXILIARIES, _COPULA = frozenset(TABLE["auxiliaries"]), frozenset(TABLE["copula"])
_ADVERBS, _NEGATIONS = frozenset(TABLE["adverbs"]), frozenset(TABLE["negations"])
_CLAUSE = frozenset({"ADV", "ATR", "PUTFYLL", "OPRED", "FSPRED", "FOPRED", "SPRED", "POBJ"})
"""What a preposition with an infinitive or a clause below it may be, for UD to call it a subordinator."""
_PREDICATIVE = frozenset({"OPRED", "FSPRED", "FOPRED"})
_MAIN = frozenset({"FINV", "FRAG", "KOORD", "KOORD-ELL", "FLAT"})


@dataclass(frozen=True)
class Place:
    """One token and the tree around it."""

    token: Token
    head: Token | None
    below: tuple[Token, ...]
    heads: tuple[Token, ...]
    """The heads on the way to the root, nearest first."""

    def has(self, *relations: str) -> bool:
        return any(token.relation in relations for token in self.below)

    def complement(self) -> Token | None:
        return next((token for token in self.below if token.relation == "PUTFYLL"), None)


def to_ud(sentence: Sentence) -> Sentence:
    """The sentence with UD's class and features in place of NDT's; all else as it was."""
    places = _places(sentence)
    return replace(sentence, tokens=tuple(_mapped(place, places) for place in places.values()))


def _places(sentence: Sentence) -> dict[int, Place]:
    tokens = sentence.tokens
    below: defaultdict[int, list[Token]] = defaultdict(list)
    for token in tokens:
        below[token.head].append(token)
    found = {}
    for index, token in enumerate(tokens, 1):
        heads, at, seen = [], token.head, {0, index}
        while at not in seen:
            seen.add(at)
            heads.append(tokens[at - 1])
            at = tokens[at - 1].head
        found[index] = Place(token, heads[0] if heads else None, tuple(below[index]), tuple(heads))
    return found


def _mapped(place: Place, places: dict[int, Place]) -> Token:
    pos = _pos(place, places)
    return replace(place.token, pos=pos, feats=_feats(place.token, pos))


def _pos(place: Place, places: dict[int, Place]) -> str:
    token = place.token
    given: str = TABLE["class"].get(token.pos, "X")
    rule = _RULES.get(token.pos)
    return (rule(place, places) if rule else None) or given


def _noun(place: Place, _: dict[int, Place]) -> str | None:
    # UD's conversion looked at the first feature only; the nynorsk half often has the gender before it.
    return "PROPN" if place.token.feats[:1] == ("prop",) else None


def _verb(place: Place, _: dict[int, Place]) -> str | None:
    if place.token.lemma in _COPULA and place.has("SPRED"):
        return "AUX"
    return "AUX" if place.token.lemma in _AUXILIARIES and place.has("INFV") else None


def _determiner(place: Place, _: dict[int, Place]) -> str | None:
    feats, lemma = place.token.feats, place.token.lemma
    if "poss" in feats:
        return "PRON"
    return "NUM" if "kvant" in feats and lemma not in _KIND else None


def _adverb(place: Place, _: dict[int, Place]) -> str | None:
    return "PART" if place.token.lemma in _NEGATIONS else None


def _subjunction(place: Place, _: dict[int, Place]) -> str | None:
    return "PRON" if place.token.lemma == "som" else None


def _preposition(place: Place, places: dict[int, Place]) -> str | None:
    token, complement = place.token, place.complement()
    if token.lemma in _ADVERBS:
        return "ADV"
    if complement is None or token.relation not in _CLAUSE:
        return None
    if token.relation in _PREDICATIVE:
        return "SCONJ"
    if token.relation == "SPRED":
        return "SCONJ" if _predicate_of_a_clause(place) else None
    if complement.pos == "inf-merke":
        return "SCONJ"
    if complement.pos != "verb":
        return None
    return "SCONJ" if token.relation != "ATR" or _introduced(complement, places) else None


def _introduced(verb: Token, places: dict[int, Place]) -> bool:
    return any(below.relation == "SBU" for place in places.values() if place.token is verb for below in place.below)


def _predicate_of_a_clause(place: Place) -> bool:
    """Whether «i live» in «… at han er i live» is what a subordinate clause says of its subject."""
    if place.token.lemma == "som":
        return True
    if place.head is None or place.head.lemma not in _COPULA:
        return True
    top = next((head for head in place.heads if head.relation != "INFV"), None)
    return top is not None and top.relation not in _MAIN and top.relation != "ATR"


_RULES = {
    "subst": _noun,
    "verb": _verb,
    "det": _determiner,
    "adv": _adverb,
    "sbu": _subjunction,
    "prep": _preposition,
}


def _feats(token: Token, pos: str) -> tuple[str, ...]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for feature in token.feats:
        for pair in TABLE["features"].get(feature, "").split("|"):
            name, _, value = pair.partition("=")
            if value:
                found[name].add(value)
    for name, value in _of_lemma(token, pos, found):
        found[name].add(value)
    return tuple(sorted((f"{name}={','.join(sorted(values))}" for name, values in found.items()), key=str.lower))


def _of_lemma(token: Token, pos: str, found: defaultdict[str, set[str]]) -> Iterable[tuple[str, str]]:
    """Features that a class or a lemma brings with it."""
    if pos == "NUM":
        yield "NumType", "Card"
    elif token.pos == "adv" and pos == "PART" and token.lemma != "ei":
        yield "Polarity", "Neg"
    elif token.pos == "sbu" and pos == "PRON":
        yield "PronType", "Rel"
    elif token.pos in ("det", "pron"):
        kind = _KIND.get(token.lemma)
        if kind:
            yield "PronType", kind
        elif not found.get("PronType"):
            yield "PronType", "Prs"
        if kind == "Neg":
            yield "Polarity", "Neg"
