"""What is counted has a place for everything that the rest of the house can say."""

from __future__ import annotations

from bot.bootstrap import Library, counted_measures
from bot.conversation.known import known, last_slot
from bot.knowledge.concerns import read_concerns
from bot.knowledge.model import URGENCIES
from bot.statistics.scheme import GROUPS, UNKNOWN


def test_every_topic_group_is_there(shelf: Library) -> None:
    groups = {topic.group for topic in shelf.knowledge.topics.values()}
    assert groups - set(GROUPS) == {"bot"}


def test_the_twelve_main_concerns(shelf: Library) -> None:
    concerns = read_concerns(shelf.settings.knowledge)
    assert len(concerns) == 12
    assert len({concern.theme for concern in concerns.values()}) == 6
    assert "arsrapport_2024" in shelf.knowledge.sources
    measure = counted_measures(shelf.settings)["closings"]
    assert list(measure.dimension("concern").categories) == [*concerns, UNKNOWN]


def test_every_urgency_and_country_is_there(shelf: Library) -> None:
    measure = counted_measures(shelf.settings)["conversations"]
    assert set(URGENCIES) < set(measure.dimension("urgency").categories)
    places = set(measure.dimension("place").categories)
    assert set(shelf.knowledge.countries) < places
    assert {"03", "46", "55", "56"} < places


def test_what_is_known_of_a_conversation() -> None:
    assert known({}) == {"group": None, "urgency": "none", "age": None, "place": None}
    slots = {
        "urgency": "urgent",
        "told": ["utland.pass_tatt", "bot.takk"],
        "ages": {"self": 15},
        "place": "Bergen",
        "countries": ["PK"],
    }
    assert known(slots) == {"group": "utland", "urgency": "urgent", "age": "under 18", "place": "46"}
    assert known({**slots, "facts": {"abroad": "yes"}})["place"] == "PK"
    assert known({"about": "søster", "ages": {"self": 15, "other": 20}})["age"] == "18+"
    assert known({"facts": {"age": "minor"}})["age"] == "under 18"


def test_what_a_slot_was_set_to_last() -> None:
    turns = [
        [{"event": "slot", "name": "a", "value": 1}],
        [{"event": "user"}, {"event": "slot", "name": "a", "value": 2}],
    ]
    assert last_slot(turns, "a") == 2
    assert last_slot(turns, "b") is None
