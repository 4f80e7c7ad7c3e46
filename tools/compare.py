"""The topic by other ways: Rasa's default pipeline, DIET with spaCy's features, a linear SVM, BM25, and ours.

    python -m tools.compare [--messages 4000] [--epochs 40]

All learn from the same messages of data/nlu (a share drawn by chance: DIET takes long) and are measured on the
development set. Prints the table of docs/understanding.md as each is done.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import yaml

from tools.evaluate import ROOT, cases
from tools.evaluation.measures import OUT_OF_SCOPE

Case = dict[str, Any]
Ranker = Callable[[Sequence[str]], list[list[str]]]
"""For each text the topics, best first."""


def training(most: int) -> list[tuple[str, str]]:
    """Up to ``most`` messages with their topics, drawn by chance, at least five of each topic."""
    found = [
        (example["text"], entry["intent"])
        for path in sorted((ROOT / "data" / "nlu").glob("*.yml"))
        for entry in yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)["nlu"]
        for example in entry["examples"]
    ]
    random.Random(0).shuffle(found)
    seen: Counter[str] = Counter()
    first, rest = [], []
    for text, topic in found:
        seen[topic] += 1
        (first if seen[topic] <= 5 else rest).append((text, topic))
    return (first + rest)[:most]


def svm(messages: Sequence[tuple[str, str]]) -> Ranker:
    """Characters 2–5 and words 1–2 of the message as written, TF-IDF, one linear SVM a topic."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline, make_union
    from sklearn.svm import LinearSVC

    views = make_union(
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2),
        TfidfVectorizer(ngram_range=(1, 2), token_pattern=r"\w+", sublinear_tf=True, min_df=2),
    )
    model = make_pipeline(views, LinearSVC(class_weight="balanced", random_state=0))
    model.fit([text for text, _ in messages], [topic for _, topic in messages])

    def rank(texts: Sequence[str]) -> list[list[str]]:
        scores = model.decision_function(texts)
        return [[str(model.classes_[place]) for place in row.argsort()[::-1]] for row in scores]

    return rank


def bm25(messages: Sequence[tuple[str, str]]) -> Ranker:
    """The search over the articles, which learns nothing from the messages."""
    from bot.bootstrap import library
    from bot.knowledge.search import Search

    search = Search(library().knowledge, examples={})
    return lambda texts: [[hit.id for hit in search.find(text, 10)] or [""] for text in texts]


def rasa_pipeline(components: list[dict[str, Any]]) -> Callable[[Sequence[tuple[str, str]]], Ranker]:
    """A pipeline of Rasa's own components, trained and asked by Rasa."""

    def learn(messages: Sequence[tuple[str, str]]) -> Ranker:
        import rasa.model_training
        from rasa.core.agent import Agent

        folder = Path(tempfile.mkdtemp())
        by_topic: dict[str, list[dict[str, str]]] = {}
        for text, topic in messages:
            by_topic.setdefault(topic, []).append({"text": text})
        entries = [{"intent": topic, "examples": examples} for topic, examples in sorted(by_topic.items())]
        (folder / "nlu.yml").write_text(yaml.safe_dump({"version": "3.1", "nlu": entries}, allow_unicode=True), "utf-8")
        config = {"recipe": "default.v1", "language": "nb", "pipeline": components}
        (folder / "config.yml").write_text(yaml.safe_dump(config), "utf-8")
        model = rasa.model_training.train_nlu(str(folder / "config.yml"), str(folder / "nlu.yml"), str(folder))
        agent = Agent.load(model)

        def rank(texts: Sequence[str]) -> list[list[str]]:
            async def all_of_them() -> list[list[str]]:
                parsed = [await agent.parse_message(text) for text in texts]
                return [[item["name"] for item in one["intent_ranking"]] or [""] for one in parsed]

            return asyncio.run(all_of_them())

        return rank

    return learn


def ours(messages: Sequence[tuple[str, str]]) -> Ranker:
    """What config.yml has, without the labels beside the topic that it learns from in the product."""
    import numpy as np

    from bot.nlu.blend import Blend
    from bot.nlu.features import Ngrams
    from bot.nlu.network import Labels, Recipe, answers_of
    from bot.nlu.topic import TopicClassifier

    topics = sorted({topic for _, topic in messages})
    ngrams = Ngrams().fit([text for text, _ in messages])
    answers = answers_of([[topic] for _, topic in messages], topics)
    labels = Labels(answers, np.zeros((len(messages), 0), np.float32))
    config = TopicClassifier.get_default_config()
    rows = ngrams.transform([text for text, _ in messages])
    blend = Blend.fit(
        rows, labels, Recipe(), cost=config["cost"], beside=config["beside"], alone=np.arange(len(messages))
    )

    def rank(texts: Sequence[str]) -> list[list[str]]:
        scores = [blend.read(ngrams.row(text))[0] for text in texts]
        return [[topics[place] for place in row.argsort()[::-1]] for row in scores]

    return rank


def _diet(epochs: int) -> dict[str, Any]:
    return {"name": "DIETClassifier", "epochs": epochs, "entity_recognition": False, "constrain_similarities": True}


def ways(epochs: int) -> dict[str, Callable[[Sequence[tuple[str, str]]], Ranker]]:
    """Name and how it learns, quickest first."""
    sparse = [
        {"name": "WhitespaceTokenizer"},
        {"name": "RegexFeaturizer"},
        {"name": "LexicalSyntacticFeaturizer"},
        {"name": "CountVectorsFeaturizer"},
        {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
    ]
    spacy = [
        {"name": "SpacyNLP", "model": "nb_norne_sm"},
        {"name": "SpacyTokenizer"},
        {"name": "SpacyFeaturizer"},
        *sparse[2:],
    ]
    return {
        "BM25 over the articles": bm25,
        "TF-IDF, linear SVM": svm,
        "ours: a network and a linear SVM over n-grams of the common form": ours,
        f"Rasa's default pipeline (DIET, {epochs} epochs)": rasa_pipeline([*sparse, _diet(epochs)]),
        f"DIET with spaCy's features ({epochs} epochs)": rasa_pipeline([*spacy, _diet(epochs)]),
    }


def main() -> None:
    from bot.quiet import be_quiet

    be_quiet()
    parser = argparse.ArgumentParser()
    parser.add_argument("--messages", type=int, default=4000)
    parser.add_argument("--epochs", type=int, default=40)
    chosen = parser.parse_args()
    messages = training(chosen.messages)
    inside = [case for case in cases("development") if case["topic"] != OUT_OF_SCOPE]
    texts, right = [case["t"] for case in inside], [{case["topic"], *case.get("also", ())} for case in inside]
    print(f"{len(messages)} messages to learn from, {len(inside)} to measure on\n")
    print("| | top 1 | top 3 | learns in, s | a message, ms |\n| --- | ---: | ---: | ---: | ---: |", flush=True)
    for name, learn in ways(chosen.epochs).items():
        started = time.perf_counter()
        rank = learn(messages)
        learnt = time.perf_counter()
        ranked = rank(texts)
        each = (time.perf_counter() - learnt) * 1000 / len(texts)
        first = sum(row[0] in wanted for row, wanted in zip(ranked, right, strict=True)) / len(texts)
        third = sum(bool(set(row[:3]) & wanted) for row, wanted in zip(ranked, right, strict=True)) / len(texts)
        print(
            f"| {name} | {100 * first:.1f} % | {100 * third:.1f} % | {learnt - started:.0f} | {each:.1f} |", flush=True
        )


if __name__ == "__main__":
    main()
