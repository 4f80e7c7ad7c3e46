"""What a conversation knows after some messages, without a model: only what is named counts."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.conversation.memory import Heard, Memory, changed, fold_in
from bot.directory.hours import OSLO
from bot.language.entities import find_entities
from bot.nlu.entities import as_json

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=OSLO)


def heard(text: str, topic: str = "nlu_fallback", **more: object) -> Heard:
    """The message with what is named in it."""
    return Heard(text=text, topic=topic, said=[as_json(entity) for entity in find_entities(text, NOW)], **more)  # type: ignore[arg-type]


def after(*texts: str, **more: object) -> Memory:
    """What is known after ``texts``."""
    memory = Memory()
    for text in texts:
        memory = fold_in(memory, heard(text, **more))
    return memory


@pytest.mark.parametrize(
    ("texts", "fact", "value"),
    [
        (["jeg er 16"], "age", "minor"),
        (["jeg er 16", "nei, jeg er 19"], "age", "adult"),
        (["jeg er 16", "og hvis jeg er 17?"], "age", "minor"),
        (["hva med søsteren min? hun er 13"], "their_age", "minor"),
        (["jeg er 16", "hva med broren min da", "han er 20"], "age", "minor"),
        (["jeg er 16", "hva med broren min da", "han er 20"], "their_age", "adult"),
        (["jeg skal gifte meg med en mann, han er 45"], "their_age", None),
        (["vi er i pakistan"], "country", "PK"),
        (["vi er i pakistan", "ikke pakistan, india"], "country", "IN"),
        (["vi er i pakistan", "nei ikke pakistan"], "country", None),
        (["jeg kan ikke ringe, de hører meg"], "call", "no"),
        (["jeg kan ikke ringe", "nå kan jeg ringe, jeg har telefon"], "call", "yes"),
        (["de har tatt passet mitt"], "papers", "taken"),
        (["jeg har passet mitt selv"], "papers", "have"),
        (["jeg holdes i somalia"], "abroad", "yes"),
        (["vi skal til somalia i sommer"], "abroad", None),
        (["jeg er fortsatt i norge"], "abroad", "no"),
        (["jeg bor i drammen"], "place", "Drammen"),
    ],
)
def test_memory_keeps_what_was_said_last(texts: list[str], fact: str, value: str | None) -> None:
    assert after(*texts).fact(fact) == value


def test_memory_of_a_journey_and_a_wedding_are_two_days() -> None:
    memory = after("vi reiser 12. juni", "bryllupet er 20. juni")
    assert (memory.fact("travel"), memory.fact("wedding")) == ("2027-06-12", "2027-06-20")


def test_memory_knows_whom_it_is_about_once_it_is_said() -> None:
    assert after("jeg er redd").about is None
    assert after("hva med søsteren min da").about == "søster"
    assert after("hva med søsteren min da", "nå gjelder det meg").about is None
    assert after("hva med søsteren min da", "hun er 13", "hva med meg da").fact("their_age") is None


def test_memory_is_the_same_after_rasa_has_kept_it() -> None:
    memory = after("vi er i pakistan", "hva med søsteren min? hun er 13", "jeg kan ikke ringe")
    assert Memory.of(memory.slots()) == memory


def test_memory_says_what_a_message_changed() -> None:
    before = after("vi er i pakistan")
    assert changed(before, fold_in(before, heard("ikke pakistan, india"))) == ["countries"]
    assert changed(before, fold_in(before, heard("hva er et krisesenter"))) == []
