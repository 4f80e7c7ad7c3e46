from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
import yaml

from bot.bootstrap import Library
from bot.language.urgency_words import LEVELS, REASONS
from tests.conftest import ROOT

VOICES = {"ung", "venn", "fag", "stab", "sms"}
FORMS = {"nb", "nn", "dialekt", "andresprak", "slang", "en"}


def _examples() -> list[tuple[str, dict[str, Any]]]:
    found = []
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for entry in yaml.safe_load(path.read_text("utf-8"))["nlu"]:
            found += [(entry["intent"], example) for example in entry["examples"]]
    return found


@pytest.fixture(scope="module")
def labelled() -> list[tuple[str, dict[str, Any]]]:
    return _examples()


def test_every_label_is_one_of_the_vocabulary(labelled: list[tuple[str, dict[str, Any]]], shelf: Library) -> None:
    for topic, example in labelled:
        labels = example["metadata"]
        assert topic in shelf.knowledge.topics
        assert labels["urgency"] in LEVELS
        assert set(labels.get("reasons", [])) <= set(REASONS)
        assert labels["voice"] in VOICES
        assert labels["form"] in FORMS


def test_no_message_stands_twice(labelled: list[tuple[str, dict[str, Any]]]) -> None:
    counts = Counter(example["text"].casefold() for _, example in labelled)
    assert [text for text, count in counts.items() if count > 1] == []


def test_every_topic_can_be_learnt(labelled: list[tuple[str, dict[str, Any]]], shelf: Library) -> None:
    counts = Counter(topic for topic, _ in labelled)
    assert {topic: counts[topic] for topic in shelf.knowledge.topics if counts[topic] < 30} == {}


def test_only_what_is_urgent_has_a_reason(labelled: list[tuple[str, dict[str, Any]]]) -> None:
    for _, example in labelled:
        if example["metadata"].get("reasons"):
            assert example["metadata"]["urgency"] in ("urgent", "acute"), example["text"]


def test_the_development_set_is_not_trained_on(labelled: list[tuple[str, dict[str, Any]]]) -> None:
    lines = (ROOT / "tests" / "data" / "development.jsonl").read_text("utf-8").splitlines()
    apart = {json.loads(line)["t"].casefold() for line in lines if line.strip()}
    assert len(apart) > 500
    assert [example["text"] for _, example in labelled if example["text"].casefold() in apart] == []
