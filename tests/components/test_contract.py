"""One contract over every component of the pipeline: what Rasa asks of each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import ENTITIES, INTENT, METADATA, METADATA_EXAMPLE, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import read_yaml_file

from bot.nlu.countries import CountryExtractor
from bot.nlu.decision import TopicDecision
from bot.nlu.topic import TopicClassifier
from bot.nlu.urgency import UrgencyClassifier
from tests.conftest import ROOT

COMPONENTS = [UrgencyClassifier, CountryExtractor, TopicClassifier, TopicDecision]
CONTEXT = ExecutionContext(GraphSchema({}))
RESOURCE = Resource("component")
# Enough of each kind to learn from, and nothing that stands in data/.
_ROWS = [
    ("bot.hilsen", "none", (), "ung", ["hei på deg", "god morgen du", "hallo der", "heisann du"]),
    ("utland.pass_tatt", "urgent", ("passport_taken",), "ung", ["onkel har passet", "passet er vekk", "uten pass nå"]),
    ("akutt.vold_naa", "acute", ("violence_now",), "ung", ["han slår nå", "de banker på nå", "redd akkurat nå"]),
    ("fag.samtale", "none", (), "fag", ["hvordan snakke med elev", "samtale med eleven", "elev som ikke vil prate"]),
    ("kontroll.min_situasjon", "concern", (), "ung", ["får aldri gå ut", "må være hjemme", "ingen venner på besøk"]),
]


def _training_data() -> TrainingData:
    messages = []
    for topic, urgency, reasons, voice, texts in _ROWS:
        labels = {"urgency": urgency, "reasons": list(reasons), "voice": voice}
        for number in range(24):
            text = f"{texts[number % len(texts)]} {['ja', 'nei', 'kanskje', 'ok'][number % 4]}"
            messages.append(Message({TEXT: text, INTENT: topic, METADATA: {METADATA_EXAMPLE: labels}}))
    return TrainingData(messages)


def _make(component: type[Any], storage: LocalModelStorage) -> Any:
    return component.create(component.get_default_config(), storage, RESOURCE, CONTEXT)


def _process(component: Any, text: str) -> Message:
    message: Message = component.process([Message({TEXT: text})])[0]
    return message


@pytest.fixture
def storage(tmp_path: Path) -> LocalModelStorage:
    return LocalModelStorage.create(tmp_path)


@pytest.mark.parametrize("component", COMPONENTS)
def test_component_says_what_it_needs(component: type[GraphComponent]) -> None:
    assert isinstance(component.get_default_config(), dict)
    for package in component.required_packages():
        __import__(package)


@pytest.mark.parametrize("component", COMPONENTS)
def test_component_reads_anything_before_it_has_learnt(component: type[Any], storage: LocalModelStorage) -> None:
    made = _make(component, storage)
    for text in ("", "hei", "😀" * 2000, "\u202eشلام", "a" * 2000, "'; DROP TABLE events; --", "<b>hei</b>"):
        _process(made, text)


@pytest.mark.parametrize("component", [TopicClassifier, UrgencyClassifier])
def test_component_learns_persists_and_loads_the_same(component: type[Any], storage: LocalModelStorage) -> None:
    trained = _make(component, storage)
    trained.train(_training_data())
    loaded = component.load(component.get_default_config(), storage, RESOURCE, CONTEXT)
    for text in ("onkel har passet mitt", "han slår nå", "hvordan snakke med elev"):
        assert _process(trained, text).as_dict() == _process(loaded, text).as_dict()


@pytest.mark.parametrize("component", [TopicClassifier, UrgencyClassifier])
def test_component_without_messages_stays_silent(component: type[Any], storage: LocalModelStorage) -> None:
    made = _make(component, storage)
    made.train(TrainingData([]))
    loaded = component.load(component.get_default_config(), storage, RESOURCE, CONTEXT)
    assert not _process(loaded, "hei").get(INTENT)


def test_topic_probabilities_are_a_ranking(storage: LocalModelStorage) -> None:
    made = _make(TopicClassifier, storage)
    made.train(_training_data())
    message = _process(made, "onkel har passet mitt")
    scores = [item["confidence"] for item in message.get("intent_ranking")]
    assert message.get(INTENT)["name"] == "utland.pass_tatt"
    assert scores == sorted(scores, reverse=True)
    assert sum(scores) == pytest.approx(1.0, abs=1e-3)


def test_topic_tells_professionals_apart(storage: LocalModelStorage) -> None:
    made = _make(TopicClassifier, storage)
    made.train(_training_data())
    roles = {
        text: [e["value"] for e in _process(made, text).get(ENTITIES, []) if e["entity"] == "role"]
        for text in ("hvordan snakke med elev ja", "får aldri gå ut ja")
    }
    assert roles == {"hvordan snakke med elev ja": ["professional"], "får aldri gå ut ja": []}


def test_urgency_gives_level_and_reasons_without_a_topic(storage: LocalModelStorage) -> None:
    made = _make(UrgencyClassifier, storage)
    message = _process(made, "mamma har tatt passet mitt, og jeg vil ikke leve")
    assert message.get("urgency") == "urgent"
    assert message.get("reasons") == ["suicide", "passport_taken"]
    assert [e["value"] for e in message.get(ENTITIES) if e["entity"] == "urgency"] == ["urgent"]


@pytest.mark.parametrize(
    ("ranking", "urgency", "reasons", "chosen"),
    [
        ([("bot.hilsen", 0.9), ("akutt.selvmord", 0.05)], "acute", ["suicide"], "akutt.selvmord"),
        ([("bot.utenfor", 0.9), ("utland.pass_tatt", 0.05)], "urgent", ["held_abroad", "passport_taken"], "utland.pass_tatt"),
        ([("fag.nn", 0.1), ("x", 0.1)], "urgent", ["wedding_soon"], "tvang.frykt"),
        ([("utland.flyplass", 0.8)], "acute", ["travel_soon"], "utland.flyplass"),
        ([("bot.menneske", 0.9)], "acute", ["violence_now"], "bot.menneske"),
        ([("bot.hilsen", 0.9)], "none", [], "bot.hilsen"),
        ([("tvang.frykt", 0.1)], "none", [], "nlu_fallback"),
    ],
)  # fmt: skip
def test_decision_never_answers_danger_with_small_talk(
    storage: LocalModelStorage, ranking: list[tuple[str, float]], urgency: str, reasons: list[str], chosen: str
) -> None:
    listed = [{"name": name, "confidence": score} for name, score in ranking]
    message = Message({TEXT: "x", INTENT: listed[0], "intent_ranking": listed, "urgency": urgency, "reasons": reasons})
    _make(TopicDecision, storage).process([message])
    assert message.get(INTENT)["name"] == chosen


def test_decision_leaves_an_intent_that_was_given_as_such(storage: LocalModelStorage) -> None:
    message = Message({TEXT: "x", INTENT: {"name": "bot.takk", "confidence": 0.0}})
    _make(TopicDecision, storage).process([message])
    assert message.get(INTENT)["name"] == "bot.takk"


def test_the_pipeline_of_config_is_made_of_these() -> None:
    names = [entry["name"] for entry in read_yaml_file(str(ROOT / "config.yml"))["pipeline"]]
    assert names == [f"{component.__module__}.{component.__qualname__}" for component in COMPONENTS]
