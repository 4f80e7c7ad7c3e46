from __future__ import annotations

import time
from datetime import datetime, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.entities import KINDS, find_entities
from tools.evaluate_entities import messages, scores

NOW = datetime(2026, 5, 6, 20, 15, tzinfo=timezone.utc)
_PIECES = ["15", "jeg er", " ", "i", "Bergen", "pakstan", "kl", ".", ",", "(", ")", "-", "år", "om", "uker", "på", "fredag", "i morgen", "pass", "§", "/", "norsk", "e", "å", "\u0301", "\ud800", "😀", "17", "mai", "20", "vg", "klasse", "far", "\u202e", "İ", "ß", "\n", "ﬁ", "٣", "²", "ı", "ſ", "ſommerferıen", "onſdag", "før", "siden", "999", "31.12", "den", "neste", "i fjor"]  # fmt: skip


def test_the_file_is_what_it_is_said_to_be() -> None:
    rows = messages()
    assert len(rows) >= 300
    assert sum(row["untidy"] for row in rows) * 2 >= len(rows)
    for row in rows:
        for entity in row["entities"]:
            assert entity["kind"] in KINDS
            assert row["t"][entity["start"] : entity["end"]].strip()


@pytest.mark.parametrize("half", [0, 1], ids=["held out", "tuned"])
def test_entities_are_found_well_enough_in_either_half(half: int) -> None:
    rows = [row for row in messages() if row["id"] % 2 == half]
    measured = scores(rows)
    for kind in ("place", "country", "age"):
        assert measured[kind].f >= 0.92, kind
    assert min(score.f for score in measured.values()) >= 0.9


def test_entities_come_in_order_and_say_more() -> None:
    found = find_entities("søstera mi på 15 er i Lahore, vi bor på Holmlia", NOW)
    assert [(entity.kind, entity.value) for entity in found] == [
        ("relation", "søster"),
        ("age", 15),
        ("country", ("PK",)),
        ("place", "Holmlia"),
    ]
    assert found[1].more["whose"] == "søster"
    assert found[2].more == {"city": "Lahore"}
    assert found[3].more["municipalities"] == ("0301",)


@pytest.mark.parametrize(
    "text",
    [
        "a" * 1_000_000,
        "1 " * 500_000,
        "18 år " * 200_000,
        "om et halvt " * 100_000,
        "😀" * 2000,
        "\u202eشلام عليكم " * 5000,
        "\ud800" * 10_000,
        "a\u0301" * 500_000,
        "".join(chr(97 + number * 7 % 26) + (" " if number % 8 == 0 else "") for number in range(100_000)),
    ],
    ids=["letter", "numbers", "years", "halves", "emoji", "right to left", "surrogates", "marks", "nonsense"],
)
def test_bad_input_takes_less_than_50_ms(text: str) -> None:
    find_entities("stavanegr", NOW)
    # Processor time: the machine may be busy with something else. The best of three.
    taken = []
    for _ in range(3):
        started = time.process_time()
        find_entities(text, NOW)
        taken.append(time.process_time() - started)
    assert min(taken) < 0.05


def test_a_usual_message_takes_less_than_2_ms() -> None:
    rows = [row["t"] for row in messages()]
    for text in rows:
        find_entities(text, NOW)
    started = time.process_time()
    for text in rows:
        find_entities(text, NOW)
    assert (time.process_time() - started) / len(rows) < 0.002


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(st.sampled_from(_PIECES), max_size=25).map(" ".join), st.lists(st.sampled_from(_PIECES), max_size=25).map("".join)))  # fmt: skip
def test_no_text_breaks_it_and_every_mention_lies_in_the_text(text: str) -> None:
    for entity in find_entities(text, NOW):
        assert 0 <= entity.start < entity.end <= len(text)
        assert 0 < entity.confidence <= 1
