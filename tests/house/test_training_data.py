from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
import yaml

from bot.bootstrap import Library
from bot.language.urgency_words import LEVELS, REASONS
from tests.conftest import ROOT
from tools.training_data import ALARMING, LONG, OUT_OF_SCOPE, Sample, beginnings, runs_of_four, samples

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


@pytest.fixture(scope="module")
def training() -> list[Sample]:
    return samples()


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
    assert {topic: counts[topic] for topic in shelf.knowledge.topics if counts[topic] < 35} == {}
    assert len([topic for topic in shelf.knowledge.topics if counts[topic] >= 60]) >= 50


def test_there_are_enough_messages_of_each_kind(training: list[Sample]) -> None:
    urgent = [message for message in training if message.urgency in ALARMING]
    assert len(urgent) >= 2000
    assert sum(message.indirect for message in urgent) > len(urgent) / 2
    assert sum(message.looks_urgent for message in training) >= 1500
    assert sum(message.topic == OUT_OF_SCOPE for message in training) >= 1000
    assert sum(len(message.words) in LONG for message in training) >= len(training) / 4


def test_messages_are_written_in_voices_not_in_patterns(training: list[Sample]) -> None:
    starts = beginnings(training)
    assert len(starts) > len(training) / 2
    runs = runs_of_four(training)
    assert runs.most_common(1)[0][1] < len(training) / 250
    alike = sum(
        any(runs[" ".join(message.words[at : at + 4])] > 5 for at in range(len(message.words) - 3))
        for message in training
    )
    assert alike < len(training) / 10


def test_a_second_topic_is_another_one_of_the_vocabulary(training: list[Sample], shelf: Library) -> None:
    for message in training:
        assert set(message.also) <= set(shelf.knowledge.topics) - {message.topic}, message.text


def test_only_what_is_urgent_has_a_reason(labelled: list[tuple[str, dict[str, Any]]]) -> None:
    for _, example in labelled:
        if example["metadata"].get("reasons"):
            assert example["metadata"]["urgency"] in ("urgent", "acute"), example["text"]


def test_the_development_set_is_not_trained_on(labelled: list[tuple[str, dict[str, Any]]]) -> None:
    sets = [ROOT / "tests" / "data" / name for name in ("development.jsonl", "held_out.jsonl")]
    lines = [line for path in sets for line in path.read_text("utf-8").splitlines()]
    apart = {json.loads(line)["t"].casefold() for line in lines if line.strip()}
    assert len(apart) > 1000
    assert [example["text"] for _, example in labelled if example["text"].casefold() in apart] == []
