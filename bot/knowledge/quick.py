"""A small search that is ready at once: for a command that must answer while somebody waits, without the second or
more that the lemma dictionaries and the learnt part of ``bot.knowledge.search`` take to load.

Words are cut to stems and weighed with BM25 (k1 1.2, b 0.6), beside character n-grams of four letters with tf-idf and
cosine, and words that people use when they ask for something; each view is scaled to its own best hit.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.knowledge.documents import ARTICLE, Document, Hit, documents
from bot.knowledge.reading import read_yaml
from bot.knowledge.store import Knowledge
from bot.language.cleaning import fold

_K1, _B = 1.2, 0.6
_LETTERS, _LETTERS_WEIGHT, _TOLD_WEIGHT = 4, 1.0, 1.0
_WORD = re.compile(r"[^\W_]+")
_STOP_WORDS = frozenset(
    (Path(__file__).parent.parent / "language" / "data" / "stop_words.txt").read_text("utf-8").split()
)
# Endings of Norwegian words, the longest first; what is left must have three letters.
_ENDINGS = (
    *("hetenes", "hetene", "hetens", "heters", "heten", "heter", "endes", "andes", "edes", "enes", "erte", "ende"),
    *("ande", "ane", "ene", "ens", "ers", "ets", "est", "ast", "het", "ede", "ert", "ast", "ar", "as", "en", "er"),
    *("es", "et", "ne", "te", "a", "e", "s", "t"),
)
_SHORTEST_STEM = 3


Postings = Mapping[str, Sequence[tuple[int, float]]]
"""For each token, the numbers of the documents that have it, and its weight in each."""


class QuickSearch:
    """An index over some documents: two tenths of a second to build from a knowledge base, less to read back."""

    def __init__(
        self,
        found: Sequence[Document],
        groups: Mapping[str, str],
        words: Postings,
        letters: Postings,
        told: Mapping[str, Sequence[tuple[str, float]]] | None = None,
    ) -> None:
        """``groups``: synonyms, by stem; ``told``: for each token, the documents that people ask for with it (see
        ``learn``)."""
        self._documents = found
        self._groups = groups
        self._words = words
        self._letters = letters
        numbers = {document.id: number for number, document in enumerate(found)}
        self._told: Postings = {
            token: [(numbers[name], weight) for name, weight in postings if name in numbers]
            for token, postings in (told or {}).items()
        }

    @classmethod
    def build(cls, knowledge: Knowledge, kinds: Sequence[str] = (ARTICLE,), **more: Any) -> QuickSearch:
        """An index over the documents of some kinds."""
        found = [document for document in documents(knowledge) if document.kind in kinds]
        groups = synonym_groups(read_yaml(knowledge.root / "synonyms.yml"))
        words = bm25([_weighted(document, groups) for document in found])
        letters = _cosine([Counter(_grams(_spelled(document))) for document in found])
        return cls(found, groups, words, letters, **more)

    def find(self, query: str, limit: int = 5, *, by_word: bool = False) -> list[Hit]:
        """The best hits, best first; none when not a word or a piece of one is known. ``by_word``: a piece of a word
        is not enough."""
        tokens = tokens_of(query, self._groups)
        grams = Counter(_grams(query))
        scores: dict[int, float] = defaultdict(float)
        words = _sum(self._words, dict.fromkeys(tokens, 1.0))
        for view, weight in (
            (words, 1.0),
            (_sum(self._letters, {gram: 1 + math.log(count) for gram, count in grams.items()}), _LETTERS_WEIGHT),
            (_sum(self._told, dict.fromkeys(tokens, 1.0)), _TOLD_WEIGHT),
        ):
            best = max(view.values(), default=1.0)
            for number, score in view.items():
                scores[number] += weight * score / best
        if by_word:
            scores = {number: score for number, score in scores.items() if number in words}
        order = sorted(scores, key=lambda number: (-scores[number], number))[:limit]
        return [self._documents[number].hit(round(scores[number], 4)) for number in order]

    def as_dict(self) -> dict[str, Any]:
        """All of it but ``told``, as JSON can hold it."""
        return {
            "documents": [
                [document.kind, document.id, document.title, document.snippet] for document in self._documents
            ],
            "groups": self._groups,
            "words": _packed(self._words),
            "letters": _packed(self._letters),
        }

    @classmethod
    def from_dict(cls, given: Mapping[str, Any], **more: Any) -> QuickSearch:
        """The index that ``as_dict`` gave."""
        found = [Document(kind, name, title, snippet, ()) for kind, name, title, snippet in given["documents"]]
        return cls(found, given["groups"], _Unpacked(given["words"]), _Unpacked(given["letters"]), **more)


def learn(examples: Mapping[str, Sequence[str]], groups: Mapping[str, str]) -> dict[str, list[tuple[str, float]]]:
    """From messages that people would write, for each topic: which words ask for which topics, and how strongly."""
    topics = list(examples)
    counted = [
        Counter({token: 1 + math.log(count) for token, count in Counter(all_of(texts, groups)).items()})
        for texts in examples.values()
    ]
    return {
        token: [(topics[number], round(weight, 3)) for number, weight in postings]
        for token, postings in bm25(counted).items()
    }


def all_of(texts: Iterable[str], groups: Mapping[str, str]) -> Iterable[str]:
    """The tokens of all of them."""
    return (token for text in texts for token in tokens_of(text, groups))


def tokens_of(text: str, groups: Mapping[str, str]) -> list[str]:
    """The stems of ``text`` without stop words, and the groups of synonyms that they belong to."""
    found = [stem(word) for word in _WORD.findall(fold(text)) if word not in _STOP_WORDS]
    return found + [groups[token] for token in found if token in groups]


def _weighted(document: Document, groups: Mapping[str, str]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for text, weight in document.fields:
        for token in tokens_of(text, groups):
            counted[token] += weight
    return counted


def _packed(index: Postings) -> dict[str, list[int]]:
    """Numbers and weights (in thousandths) in one row: a third of the time to read."""
    return {
        token: [part for number, weight in postings for part in (number, round(1000 * weight))]
        for token, postings in index.items()
    }


class _Unpacked(Mapping[str, Sequence[tuple[int, float]]]):
    """Postings that are taken apart when they are asked for."""

    def __init__(self, packed: Mapping[str, list[int]]) -> None:
        self._packed = packed

    def __getitem__(self, token: str) -> Sequence[tuple[int, float]]:
        row = self._packed[token]
        return [(row[at], row[at + 1] / 1000) for at in range(0, len(row), 2)]

    def __iter__(self) -> Iterator[str]:
        return iter(self._packed)

    def __len__(self) -> int:
        return len(self._packed)


def _sum(index: Postings, wanted: Mapping[str, float]) -> dict[int, float]:
    scores: dict[int, float] = defaultdict(float)
    for token, count in wanted.items():
        for number, weight in index.get(token, ()):
            scores[number] += count * weight
    return scores


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """``word`` without its inflection, roughly."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word


def synonym_groups(synonyms: Iterable[Sequence[str]]) -> dict[str, str]:
    """For the stem of each single word of a group, one token for the group."""
    return {
        stem(fold(member)): f"={number}"
        for number, group in enumerate(synonyms)
        for member in group
        if len(member.split()) == 1
    }


def bm25(corpus: Sequence[Mapping[str, float]]) -> Postings:
    """BM25 weights of tokens in documents, from how often they stand there."""
    lengths = [sum(counts.values()) for counts in corpus]
    average = sum(lengths) / max(len(lengths), 1)
    holding: Counter[str] = Counter(token for counts in corpus for token in counts)
    index: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for number, counts in enumerate(corpus):
        scale = _K1 * (1 - _B + _B * lengths[number] / average)
        for token, count in counts.items():
            rarity = math.log(1 + (len(corpus) - holding[token] + 0.5) / (holding[token] + 0.5))
            index[token].append((number, round(rarity * count / (count + scale), 4)))
    return index


def _cosine(corpus: Sequence[Counter[str]]) -> Postings:
    holding: Counter[str] = Counter(gram for counts in corpus for gram in counts)
    index: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for number, counts in enumerate(corpus):
        weights = {
            gram: (1 + math.log(count)) * (1 + math.log(len(corpus) / holding[gram])) for gram, count in counts.items()
        }
        length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        for gram, weight in weights.items():
            # The rarity counts on both sides; the query's length does not change the order.
            rarity = 1 + math.log(len(corpus) / holding[gram])
            index[gram].append((number, round(weight * rarity / length, 4)))
    return index


def _grams(text: str) -> Iterable[str]:
    for word in _WORD.findall(fold(text)):
        padded = f" {word} "
        for at in range(max(1, len(padded) - _LETTERS + 1)):
            yield padded[at : at + _LETTERS]


def _spelled(document: Document) -> str:
    return " ".join(text for text, weight in document.fields if weight > 1)
