from __future__ import annotations

import json
import time
from collections import Counter
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.detect import NORWEGIAN, detect
from tests.conftest import ROOT

FILE = ROOT / "tests" / "data" / "languages.jsonl"
# Languages whose speakers get an answer of their own.
ANSWERED = {"nb", "nn", "en", "ar", "so", "ur", "fa", "ku", "ckb", "tr", "ti", "pl", "uk"}
MS = 0.5
BAD_INPUT_MS = 50.0


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    """Written by hand for this test, three words or more, and used for nothing else."""
    return [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]


def _group(code: str) -> str:
    return code if code in ("nb", "nn", "en") else "other"


def test_the_test_file_is_large_and_has_every_language(rows: list[dict[str, Any]]) -> None:
    assert len(rows) >= 400
    assert len({row["t"] for row in rows}) == len(rows)
    assert min(len(row["t"].split()) for row in rows) >= 3
    counts = Counter(row["lang"] for row in rows)
    assert counts.keys() >= ANSWERED
    assert min(counts[code] for code in ANSWERED) >= 12


def test_the_test_file_is_not_trained_on(rows: list[dict[str, Any]]) -> None:
    trained = {
        example["text"].lower()
        for path in sorted((ROOT / "data" / "nlu").glob("*.yml"))
        for entry in yaml.safe_load(path.read_text("utf-8"))["nlu"]
        for example in entry["examples"]
    }
    assert [row["t"] for row in rows if row["t"].lower() in trained and len(row["t"].split()) > 4] == []


def test_detect_is_right_nearly_always(rows: list[dict[str, Any]]) -> None:
    wrong = [(row["lang"], detect(row["t"]).code, row["t"]) for row in rows if detect(row["t"]).code != row["lang"]]
    assert 1 - len(wrong) / len(rows) >= 0.97, wrong
    assert 1 - sum(_group(a) != _group(b) for a, b, _ in wrong) / len(rows) >= 0.97, wrong


def test_detect_takes_no_norwegian_message_for_another_language(rows: list[dict[str, Any]]) -> None:
    norwegian = [row["t"] for row in rows if row["lang"] in NORWEGIAN]
    assert [text for text in norwegian if detect(text).code not in NORWEGIAN] == []


@pytest.mark.parametrize("code", sorted(ANSWERED - {"nb", "nn"}))
def test_detect_knows_each_language_that_is_answered(rows: list[dict[str, Any]], code: str) -> None:
    mine = [row["t"] for row in rows if row["lang"] == code]
    assert sum(detect(text).code == code for text in mine) / len(mine) >= 0.9


@pytest.mark.parametrize(
    ("text", "code", "romanised"),
    [
        ("mujhe bohot dar lag raha hai", "ur", True),
        ("مجھے بہت ڈر لگ رہا ہے", "ur", False),
        ("ana 3ayza arga3 el beit", "ar", True),
        ("أريد أن أعود إلى البيت", "ar", False),
        ("እፈልጋለሁ እርዳታ አሁን", "am", False),
        ("உதவி தேவை இப்போது", "ta", False),
    ],
)
def test_detect_says_in_which_letters(text: str, code: str, romanised: bool) -> None:
    guess = detect(text)
    assert (guess.code, guess.romanised) == (code, romanised)


@pytest.mark.parametrize("text", ["", "   ", "?!…", "112", "815 55 201", "😭😭😭", "\ud800\udc00x", "\u202e\u200f"])
def test_detect_says_unknown_where_there_is_nothing_to_read(text: str) -> None:
    assert detect(text).code in ("unknown", "nb")


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300))
def test_detect_never_raises(text: str) -> None:
    guess = detect(text)
    assert guess.margin >= 0


@pytest.mark.parametrize(
    "text",
    ["😭" * 2000, "مرحبا " * 400, "\u202e\u200f" * 1000, "\x00\x1b" * 1000, "a" * 1_000_000, "\ud800" * 2000, "ا" * 1_000_000, "a3" * 500_000, "a'" * 500_000, "ab " * 300_000],
    ids=lambda text: f"{text[:3]!a}x{len(text)}",
)  # fmt: skip
def test_detect_takes_anything_in_bounded_time(text: str) -> None:
    detect("varm opp")
    started = time.perf_counter()
    detect(text)
    assert (time.perf_counter() - started) * 1000 < BAD_INPUT_MS


def test_detect_is_fast(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        detect(row["t"])
    started = time.process_time()
    for row in rows * 5:
        detect(row["t"])
    assert (time.process_time() - started) / (5 * len(rows)) * 1000 < MS
