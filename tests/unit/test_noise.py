from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from bot.language.forms import REGIONS
from bot.language.noise import in_region, noisy
from bot.language.normalise import normalise

TEXT = "Jeg vet ikke hva jeg skal gjøre. Foreldrene mine vil at jeg skal gifte meg, og jeg er redd."


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200), st.floats(0, 1), st.integers(0, 99), st.sampled_from([None, *REGIONS]))
def test_noisy_gives_the_same_for_the_same_seed(text: str, rate: float, seed: int, region: str | None) -> None:
    assert noisy(text, rate=rate, seed=seed, region=region) == noisy(text, rate=rate, seed=seed, region=region)


def test_noisy_at_rate_nothing_changes_nothing() -> None:
    assert noisy(TEXT, rate=0.0) == TEXT


def test_noisy_differs_between_seeds_and_grows_with_the_rate() -> None:
    assert len({noisy(TEXT, seed=seed) for seed in range(20)}) > 15

    def change(rate: float) -> float:
        return sum(Levenshtein.distance(TEXT, noisy(TEXT, rate=rate, seed=seed)) for seed in range(50)) / 50

    assert 0 < change(0.05) < change(0.2) < change(0.6)


@pytest.mark.parametrize(
    ("region", "written"),
    [
        ("nn", "Eg veit ikkje kva eg skal gjere"),
        ("nord", "Æ veit ikkje ka æ ska gjøre"),
        ("trond", "Æ veit itj ka æ ska gjårrå"),
        ("berg", "Eg vet ikkje ka eg skal gjøre"),
    ],
)
def test_in_region_writes_as_they_do_there(region: str, written: str) -> None:
    assert in_region("Jeg vet ikke hva jeg skal gjøre", region).casefold() == written.casefold()


def test_in_region_knows_ostlandsk() -> None:
    written = in_region("jeg vet ikke hvordan", "ost").split()
    assert written[0] in ("je", "jæ")
    assert written[1:] == ["veit", "itte", "åssen"]


def test_in_region_refuses_another_region() -> None:
    with pytest.raises(KeyError):
        in_region(TEXT, "chat")


@pytest.mark.parametrize("region", REGIONS)
def test_normalise_reads_back_what_a_region_writes(region: str) -> None:
    text = "jeg vet ikke hvorfor dere ikke vil hjelpe meg, hvem kan jeg snakke med hjemme"
    asked, found = normalise(text).text.split(), normalise(in_region(text, region)).text.split()
    assert sum(a == b for a, b in zip(asked, found, strict=False)) / len(asked) >= 0.85
