"""One contract over every component of the pipeline: what Rasa asks of each."""

from __future__ import annotations

import json
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

from bot.nlu.decision import TopicDecision
from bot.nlu.encoder import EncoderFeaturizer
from bot.nlu.entities import MessageEntities
from bot.nlu.examples import COPY_OF, examples, held_out
from bot.nlu.featurizer import NgramFeaturizer, row_of
from bot.nlu.language import LanguageDetector, language_of
from bot.nlu.names import NameFinder
from bot.nlu.topic import TopicClassifier
from bot.nlu.untidy import UntidyCopies
from bot.nlu.urgency import UrgencyClassifier
from tests.conftest import ROOT

COMPONENTS = [
    UntidyCopies,
    NgramFeaturizer,
    EncoderFeaturizer,
    UrgencyClassifier,
    LanguageDetector,
    MessageEntities,
    TopicClassifier,
    TopicDecision,
    NameFinder,
]
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


_SUFFIXES = ("ja", "nei", "kanskje", "ok", "altså", "liksom", "da", "du", "tror jeg", "i grunnen")


def _training_data() -> TrainingData:
    messages = []
    for topic, urgency, reasons, voice, texts in _ROWS:
        labels = {"urgency": urgency, "reasons": list(reasons), "voice": voice}
        for number in range(100):
            text = f"{texts[number % len(texts)]} {_SUFFIXES[number % 10]} {_SUFFIXES[number // 10]}"
            messages.append(Message({TEXT: text, INTENT: topic, METADATA: {METADATA_EXAMPLE: labels}}))
    return TrainingData(messages)


def _make(component: type[Any], storage: LocalModelStorage, **config: Any) -> Any:
    return component.create({**component.get_default_config(), **config}, storage, RESOURCE, CONTEXT)


def _process(component: Any, text: str, featurizer: Any = None) -> Message:
    """What ``component`` makes of ``text``, read by ``featurizer`` first where it needs features."""
    messages = [Message({TEXT: text})]
    if featurizer is not None:
        featurizer.process(messages)
    message: Message = component.process(messages)[0]
    return message


@pytest.fixture
def storage(tmp_path: Path) -> LocalModelStorage:
    return LocalModelStorage.create(tmp_path)


@pytest.fixture(scope="module")
def featurizer(tmp_path_factory: pytest.TempPathFactory) -> NgramFeaturizer:
    made: NgramFeaturizer = _make(NgramFeaturizer, LocalModelStorage.create(tmp_path_factory.mktemp("ngrams")))
    made.train(_training_data())
    return made


@pytest.fixture
def learnt(featurizer: NgramFeaturizer) -> TrainingData:
    """The training data as the classifiers meet it: with features."""
    return featurizer.process_training_data(_training_data())


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
def test_component_learns_persists_and_loads_the_same(
    component: type[Any], storage: LocalModelStorage, featurizer: NgramFeaturizer, learnt: TrainingData
) -> None:
    trained = _make(component, storage)
    trained.train(learnt)
    loaded = component.load(component.get_default_config(), storage, RESOURCE, CONTEXT)
    for text in ("onkel har passet mitt", "han slår nå", "hvordan snakke med elev"):
        assert _process(trained, text, featurizer).as_dict() == _process(loaded, text, featurizer).as_dict()


def test_featurizer_persists_and_loads_the_same(storage: LocalModelStorage) -> None:
    trained = _make(NgramFeaturizer, storage)
    trained.train(_training_data())
    loaded = NgramFeaturizer.load(NgramFeaturizer.get_default_config(), storage, RESOURCE, CONTEXT)
    first, second = (row_of(_process(made, "onkel har passet mitt")) for made in (trained, loaded))
    assert first is not None
    assert second is not None
    assert first.nnz > 0
    assert (first != second).nnz == 0


@pytest.mark.parametrize("component", [NgramFeaturizer, TopicClassifier, UrgencyClassifier])
def test_component_without_messages_stays_silent(component: type[Any], storage: LocalModelStorage) -> None:
    made = _make(component, storage)
    made.train(TrainingData([]))
    loaded = component.load(component.get_default_config(), storage, RESOURCE, CONTEXT)
    message = _process(loaded, "hei")
    assert not message.get(INTENT)
    assert not message.features


def test_untidy_copies_keep_their_labels_and_name_their_original(storage: LocalModelStorage) -> None:
    made = _make(UntidyCopies, storage, share=0.5, rate=0.5)
    before = _training_data()
    texts = {message.get(TEXT): message for message in before.intent_examples}
    copies = [m for m in made.process_training_data(before).intent_examples if m.get(COPY_OF)]
    assert len(copies) > 50
    for copy in copies:
        original = texts[copy.get(COPY_OF)]
        assert copy.get(TEXT) != original.get(TEXT)
        assert (copy.get(INTENT), copy.get(METADATA)) == (original.get(INTENT), original.get(METADATA))


def test_nothing_is_measured_on_what_its_copy_has_taught(storage: LocalModelStorage) -> None:
    data = _make(UntidyCopies, storage, share=0.9, rate=0.5).process_training_data(_training_data())
    messages = examples(data)
    learnt, measured = held_out(messages, 0.2)
    assert len(measured) == 100
    assert not {messages[n].text for n in measured} & {messages[n].copy_of or messages[n].text for n in learnt}
    assert not any(messages[n].copy_of for n in measured)


def test_topic_probabilities_are_a_ranking(
    storage: LocalModelStorage, featurizer: NgramFeaturizer, learnt: TrainingData
) -> None:
    made = _make(TopicClassifier, storage)
    made.train(learnt)
    message = _process(made, "onkel har passet mitt", featurizer)
    scores = [item["confidence"] for item in message.get("intent_ranking")]
    assert message.get(INTENT)["name"] == "utland.pass_tatt"
    assert scores == sorted(scores, reverse=True)
    assert sum(scores) == pytest.approx(1.0, abs=1e-3)


def test_topic_tells_professionals_apart(
    storage: LocalModelStorage, featurizer: NgramFeaturizer, learnt: TrainingData
) -> None:
    made = _make(TopicClassifier, storage, staff_recall=0.95)
    made.train(learnt)
    roles = {
        text: [e["value"] for e in _process(made, text, featurizer).get(ENTITIES, []) if e["entity"] == "role"]
        for text in ("hvordan snakke med elev ja", "får aldri gå ut ja")
    }
    assert roles == {"hvordan snakke med elev ja": ["professional"], "får aldri gå ut ja": []}


def test_urgency_learns_what_no_rule_says(
    storage: LocalModelStorage, featurizer: NgramFeaturizer, learnt: TrainingData
) -> None:
    made = _make(UrgencyClassifier, storage)
    text = "redd akkurat nå altså ja"
    assert _process(made, text, featurizer).get("urgency") == "none"
    made.train(learnt)
    assert _process(made, text, featurizer).get("urgency") == "acute"


def test_urgency_gives_level_and_reasons_without_a_topic(storage: LocalModelStorage) -> None:
    made = _make(UrgencyClassifier, storage)
    message = _process(made, "mamma har tatt passet mitt, og jeg vil ikke leve")
    assert message.get("urgency") == "urgent"
    assert message.get("reasons") == ["suicide", "passport_taken"]
    assert [e["value"] for e in message.get(ENTITIES) if e["entity"] == "urgency"] == ["urgent"]


@pytest.mark.parametrize(
    ("text", "ranking", "urgency", "reasons", "ruled", "chosen"),
    [
        ("hei, vil dø", [("bot.hilsen", 0.99), ("akutt.selvmord", 0.0)], "acute", ["suicide"], ["suicide"], "akutt.selvmord"),
        ("hei du", [("bot.hilsen", 0.8), ("akutt.selvmord", 0.2)], "acute", ["suicide"], [], "akutt.selvmord"),
        ("været", [("bot.utenfor", 0.9), ("utland.pass_tatt", 0.05)], "urgent", ["held_abroad", "passport_taken"], [], "utland.pass_tatt"),
        ("noe", [("fag.samtale", 0.1), ("rett.alder", 0.1)], "urgent", ["wedding_soon"], [], "tvang.frykt"),
        ("på flyplassen", [("utland.flyplass", 0.8)], "acute", ["travel_soon"], [], "utland.flyplass"),
        ("de slo meg i går kveld", [("bot.utenfor", 0.5), ("vold.hjemme", 0.4)], "urgent", [], [], "vold.hjemme"),
        ("snakke med noen", [("bot.menneske", 0.9)], "acute", ["violence_now"], [], "bot.menneske"),
        ("hei", [("bot.hilsen", 0.9)], "none", [], [], "bot.hilsen"),
        ("ja ok da", [("bot.kort_svar", 0.99)], "acute", ["locked_in"], [], "bot.kort_svar"),
        ("hei hei", [("bot.hilsen", 0.99)], "acute", ["locked_in"], [], "akutt.innesperret"),
        ("de vil at jeg skal gifte meg", [("tvang.frykt", 0.1)], "none", [], [], "nlu_fallback"),
        ("vil si nei", [("lemlestelse.lov", 0.35)], "none", [], [], "nlu_fallback"),
        ("får ikke reise hjem", [("utland.bekymret_for_noen", 0.5), ("utland.er_i_utlandet", 0.4)], "urgent", ["held_abroad"], ["held_abroad"], "utland.er_i_utlandet"),
        ("hvordan snakker man med far", [("fag.samtale", 0.4), ("kontroll.foreldre", 0.3)], "none", [], [], "kontroll.foreldre"),
        ("hun er 15", [("tvang.barneekteskap", 0.9)], "none", [], [], "bot.kort_svar"),
        ("fryser ihjel på fotballtrening", [("bot.utenfor", 0.8), ("vold.hjemme", 0.1)], "urgent", [], [], "bot.utenfor"),
        ("passet til hunden", [("utland.pass_tatt", 0.6), ("bot.utenfor", 0.3)], "none", [], [], "nlu_fallback"),
        ("passet mitt er utløpt nå", [("utland.pass_tatt", 0.95), ("bot.utenfor", 0.05)], "none", [], [], "utland.pass_tatt"),
        ("passet er borte og jeg er redd", [("utland.pass_tatt", 0.6), ("bot.utenfor", 0.3)], "urgent", [], [], "utland.pass_tatt"),
        ("Hjelp!", [("bot.hva_kan_du", 0.9)], "none", [], [], "bot.kort_svar"),
        ("Eritrea", [("lemlestelse.hva_er", 0.9)], "none", [], [], "utland.ambassade"),
        ("أنا لا أريد الزواج", [("tvang.frykt", 0.9)], "none", [], [], "bot.spraak"),
    ],
)  # fmt: skip
def test_decision_never_answers_danger_with_small_talk_nor_passes_off_a_guess(
    storage: LocalModelStorage,
    text: str,
    ranking: list[tuple[str, float]],
    urgency: str,
    reasons: list[str],
    ruled: list[str],
    chosen: str,
) -> None:
    listed = [{"name": name, "confidence": score} for name, score in ranking]
    data = {TEXT: text, INTENT: listed[0], "intent_ranking": listed, "urgency": urgency}
    message = Message({**data, "reasons": reasons, "alarms": ruled})
    _make(TopicDecision, storage).process([message])
    assert message.get(INTENT)["name"] == chosen


def test_decision_takes_back_a_suicide_that_nothing_else_points_to(storage: LocalModelStorage) -> None:
    listed = [{"name": "utland.bekymret_for_noen", "confidence": 0.9}, {"name": "akutt.selvmord", "confidence": 0.01}]
    entities = [{"entity": "reason", "value": "suicide"}, {"entity": "reason", "value": "travel_soon"}]
    data = {TEXT: "hun svarer ikke på snap i dag", INTENT: listed[0], "intent_ranking": listed, "urgency": "acute"}
    message = Message({**data, "reasons": ["suicide", "travel_soon"], "alarms": [], ENTITIES: entities})
    _make(TopicDecision, storage).process([message])
    assert message.get("reasons") == ["travel_soon"]
    assert [entity["value"] for entity in message.get(ENTITIES)] == ["travel_soon"]


def test_entities_are_countries_for_rasa_and_everything_for_the_conversation(storage: LocalModelStorage) -> None:
    now = {"now": "2026-05-06T20:15:00+02:00"}
    message = Message({TEXT: "jeg er 15, i Lahore, og må hjem til Holmlia i morgen", "metadata": now})
    _make(MessageEntities, storage).process([message])
    assert [(entity["entity"], entity["value"]) for entity in message.get(ENTITIES)] == [("country", "PK")]
    said = message.as_dict(only_output_properties=True)["said"]
    assert [entity["value"] for entity in said] == [15, ["PK"], "Holmlia", "2026-05-07"]
    assert json.loads(json.dumps(said)) == said


def test_every_country_that_may_be_meant_is_an_entity(storage: LocalModelStorage) -> None:
    message = _process(_make(MessageEntities, storage), "de har meg i Kurdistan")
    assert [entity["value"] for entity in message.get(ENTITIES)] == ["IQ", "TR", "IR", "SY"]


@pytest.mark.parametrize(
    "metadata", [None, {}, {"now": "i går"}, {"now": "2026-05-06"}, {"timezone": "../../etc/passwd"}, {"timezone": ""}]
)
def test_a_clock_that_cannot_be_read_is_the_services_own(storage: LocalModelStorage, metadata: Any) -> None:
    message = Message({TEXT: "i morgen", "metadata": metadata})
    _make(MessageEntities, storage).process([message])
    assert message.get("said")[0]["tense"] == "future"


@pytest.mark.parametrize(("intent", "found"), [("nlu_fallback", ["Leyla"]), ("bot.takk", [])])
def test_names_are_found_only_in_what_was_not_understood(
    storage: LocalModelStorage, intent: str, found: list[str]
) -> None:
    text = "I går ringte Leyla til meg."
    message = Message({TEXT: text, INTENT: {"name": intent, "confidence": 0.1}})
    _make(NameFinder, storage).process([message])
    assert [text[start:end] for start, end in message.get("names", [])] == found


def test_decision_leaves_an_intent_that_was_given_as_such(storage: LocalModelStorage) -> None:
    message = Message({TEXT: "x", INTENT: {"name": "bot.takk", "confidence": 0.0}})
    _make(TopicDecision, storage).process([message])
    assert message.get(INTENT)["name"] == "bot.takk"


def test_the_pipeline_of_config_is_made_of_these() -> None:
    names = [entry["name"] for entry in read_yaml_file(str(ROOT / "config.yml"))["pipeline"]]
    assert names == [f"{component.__module__}.{component.__qualname__}" for component in COMPONENTS]


@pytest.mark.parametrize(
    ("language", "ruled", "chosen"),
    [
        ("so", [], "bot.spraak"),
        ("so", ["suicide"], "akutt.selvmord"),
        ("en", [], "tvang.frykt"),
        ("nn", [], "tvang.frykt"),
    ],
)
def test_decision_answers_another_language_as_such(
    storage: LocalModelStorage, language: str, ruled: list[str], chosen: str
) -> None:
    listed = [{"name": "tvang.frykt", "confidence": 0.9}]
    data = {TEXT: "fire ord eller fem", INTENT: listed[0], "intent_ranking": listed, "urgency": "none"}
    message = Message({**data, "reasons": [], "alarms": ruled, "language": language})
    _make(TopicDecision, storage).process([message])
    assert message.get(INTENT)["name"] == chosen


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("jeg vil ikke gifte meg", "nb"),
        ("eg vil ikkje gifte meg", "nn"),
        ("i don't want to get married", "en"),
        ("evlenmek istemiyorum ben", "tr"),
        ("مساعدة", "ar"),
        ("ሓገዝ", "ti"),
        # A greeting, a name, a figure: no reason to answer in another language.
        ("salam aleikum", "nb"),
        ("wallah", "nb"),
        ("shukran ass", "nb"),
        ("Fatima", "nb"),
        ("hi", "nb"),
        ("112", "nb"),
        ("jag är rädd hemma", "nb"),
    ],
)
def test_language_is_another_only_when_it_is_certain(storage: LocalModelStorage, text: str, language: str) -> None:
    assert _process(_make(LanguageDetector, storage), text).get("language") == language == language_of(text)


@pytest.mark.parametrize(("before", "after"), [("none", "urgent"), ("acute", "acute")])
def test_language_raises_urgency_for_danger_in_another_language(
    storage: LocalModelStorage, before: str, after: str
) -> None:
    message = Message({TEXT: "Kocam beni dövüyor her gün", "urgency": before})
    _make(LanguageDetector, storage).process([message])
    assert (message.get("language"), message.get("urgency")) == ("tr", after)
