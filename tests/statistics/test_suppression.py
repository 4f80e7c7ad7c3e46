"""Nobody can work out a hidden count from all that is shown: the tests try, with a solver of their own."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from itertools import product

import numpy
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from bot.statistics.publication import Published, _read, _written, month_figures, year_figures
from bot.statistics.scheme import Dimension, Measure
from bot.statistics.suppression import LEAST, Cell, Mark, Sum, protect

ALL = ("total", "total")
TOPIC = Dimension("topic", "Tema", {"a": "A", "b": "B", "c": "C", "unknown": "Ukjent"})
URGENCY = Dimension("urgency", "Hast", {"low": "Lav", "high": "Høy"})
RESULT = Dimension("result", "Svart", {"answered": "Fikk svar", "missed": "Ingen svarte", "left": "Gikk"})
WAIT = Dimension("wait", "Ventetid", {"short": "Kort", "middle": "Middels", "long": "Lang"}, ("result", "answered"))
FLAT = Measure("flat", "Flat", "saker", (TOPIC, URGENCY))
DEEP = Measure("deep", "Dyp", "saker", (RESULT, WAIT))
SIZES = st.one_of(st.integers(0, 9), st.integers(0, 60))
SEEDS = st.integers(0, 2**16)
SLOW = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def ranges(shown: Mapping[Cell, int | Mark], sums: Sequence[Sum]) -> dict[Cell, tuple[float, float]]:
    """The attack: for each hidden cell the least and the most it can be, given everything shown."""
    hidden = [cell for cell, figure in shown.items() if isinstance(figure, Mark)]
    number = {cell: index for index, cell in enumerate(hidden)}
    known = {Mark.SMALL: (0, LEAST - 1), Mark.COVERED: (LEAST, None), Mark.WITHHELD: (0, None)}
    matrix, sides = [], []
    for add in sums:
        row, side = numpy.zeros(len(hidden)), 0.0
        for cell, sign in [(add.total, -1), *((part, 1) for part in add.parts)]:
            if cell in number:
                row[number[cell]] += sign
            else:
                side -= sign * float(shown[cell])
        matrix.append(row)
        sides.append(side)
    found = {}
    for cell in hidden:
        ends = []
        for sign in (1, -1):
            goal = numpy.zeros(len(hidden))
            goal[number[cell]] = sign
            done = linprog(goal, A_eq=numpy.array(matrix), b_eq=sides, bounds=[known[shown[c]] for c in hidden])
            assert done.status in (0, 3), done.message
            ends.append(numpy.inf if done.status == 3 else sign * done.fun)
        found[cell] = (ends[0], ends[1])
    return found


def assert_hidden(shown: Mapping[Cell, int | Mark], sums: Sequence[Sum], values: Mapping[Cell, int]) -> None:
    for cell, figure in shown.items():
        if not isinstance(figure, Mark):
            assert figure == values[cell]
            assert figure >= LEAST, cell
    for cell, (least, most) in ranges(shown, sums).items():
        if values[cell] < LEAST:
            assert least < 0.5, (cell, least, most)
            assert most > LEAST - 1.5, (cell, least, most)


def sums_of(measure: Measure) -> list[Sum]:
    return [Sum(d.within, tuple((d.id, category) for category in d.categories)) for d in measure.dimensions]


def test_the_attack_itself_finds_what_simple_hiding_gives_away() -> None:
    """One small count hidden beside a total is no secret; the test's own solver must see that."""
    shown = {("n",): 50, ("a",): Mark.SMALL, ("b",): 30, ("c",): 17}
    assert ranges(shown, [Sum(("n",), (("a",), ("b",), ("c",)))])[("a",)] == (3.0, 3.0)
    # Two hidden, one of them known to be 7 or more: 9 altogether leaves 0 to 2 for the small one.
    shown = {("n",): 50, ("a",): Mark.SMALL, ("b",): Mark.COVERED, ("c",): 41}
    assert ranges(shown, [Sum(("n",), (("a",), ("b",), ("c",)))])[("a",)] == (0.0, 2.0)


@SLOW
@given(st.lists(SIZES, min_size=2, max_size=7), SEEDS)
def test_one_table_with_its_total(counts: list[int], seed: int) -> None:
    parts = [(f"c{number}",) for number in range(len(counts))]
    values = {("n",): sum(counts), **dict(zip(parts, counts, strict=True))}
    if values[("n",)] < LEAST:
        return
    add = Sum(("n",), tuple(parts))
    assert_hidden(protect(values, [add], parts[::-1], random.Random(seed)), [add], values)


def _split(total: int, weights: Sequence[int]) -> list[int]:
    """``total`` in parts that go by ``weights``, whole."""
    whole = sum(weights) or 1
    parts = [total * weight // whole for weight in weights]
    parts[0] += total - sum(parts)
    return parts


def _flat(topics: Sequence[int], weights: Sequence[int]) -> dict[Cell, int]:
    values: dict[Cell, int] = {("topic", name): n for name, n in zip(TOPIC.categories, topics, strict=True)}
    values[ALL] = sum(topics)
    high = _split(values[ALL], weights)
    values.update({("urgency", name): n for name, n in zip(URGENCY.categories, high, strict=True)})
    return values


def _deep(results: Sequence[int], weights: Sequence[int]) -> dict[Cell, int]:
    values: dict[Cell, int] = {("result", name): n for name, n in zip(RESULT.categories, results, strict=True)}
    waits = _split(results[0], weights)
    values.update({("wait", name): n for name, n in zip(WAIT.categories, waits, strict=True)})
    return {**values, ALL: sum(results)}


@SLOW
@given(st.lists(SIZES, min_size=4, max_size=4), st.lists(st.integers(0, 9), min_size=2, max_size=2), SEEDS)
def test_several_tables_of_the_same_figures(topics: list[int], weights: list[int], seed: int) -> None:
    values = _flat(topics, weights)
    shown = month_figures(FLAT, values, random.Random(seed))
    if len(shown) == 1:
        assert shown == {ALL: Mark.SMALL}
        assert values[ALL] < LEAST
    else:
        assert_hidden(shown, sums_of(FLAT), values)


@SLOW
@given(st.lists(SIZES, min_size=3, max_size=3), st.lists(st.integers(0, 9), min_size=3, max_size=3), SEEDS)
def test_a_table_that_divides_a_part_of_another(results: list[int], weights: list[int], seed: int) -> None:
    values = _deep(results, weights)
    shown = month_figures(DEEP, values, random.Random(seed))
    if len(shown) > 1:
        assert_hidden(shown, sums_of(DEEP), values)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_year_beside_its_months(data: st.DataObject) -> None:
    """Everything that was ever published of a year at once: each month's tables, and the year's sums."""
    measure, make, size = data.draw(st.sampled_from([(FLAT, _flat, (4, 2)), (DEEP, _deep, (3, 3))]))
    months = [f"2026-{number:02}" for number in range(1, 1 + data.draw(st.integers(2, 5)))]
    counts, published = {}, {}
    for month in months:
        parts = data.draw(st.lists(SIZES, min_size=size[0], max_size=size[0]))
        weights = data.draw(st.lists(st.integers(0, 9), min_size=size[1], max_size=size[1]))
        counts[month] = make(parts, weights)
        figures = month_figures(measure, counts[month], random.Random(data.draw(SEEDS)))
        published[month] = _read(measure, month, _written(figures))
    year, added = year_figures(measure, published, counts)
    seen = [month for month in months if published[month].figures]
    assert added == (len(seen) if len(seen) > 1 else 0)
    if not year:
        return
    shown, values = _together(measure, {month: published[month] for month in seen}, year, counts)
    sums = [
        Sum((month, *add.total), tuple((month, *part) for part in add.parts))
        for month, add in product([*seen, "year"], sums_of(measure))
    ]
    sums += [Sum(("year", *cell), tuple((month, *cell) for month in seen)) for cell in year]
    assert_hidden(shown, sums, values)


def _together(
    measure: Measure,
    months: Mapping[str, Published],
    year: Mapping[Cell, int | Mark],
    counts: Mapping[str, Mapping[Cell, int]],
) -> tuple[dict[Cell, int | Mark], dict[Cell, int]]:
    shown: dict[Cell, int | Mark] = {("year", *cell): figure for cell, figure in year.items()}
    values = {("year", *cell): sum(counts[month][cell] for month in months) for cell in year}
    for month, published in months.items():
        for cell, figure in {ALL: published.total, **published.figures}.items():
            shown[(month, *cell)], values[(month, *cell)] = figure, counts[month][cell]
    return shown, values


@pytest.mark.parametrize("counts", [(3, 20, 40, 30), (0, 7, 7, 7), (6, 6, 6, 8), (1, 1, 1, 70)])
def test_what_is_covered_is_chosen_by_place_and_not_by_size(counts: tuple[int, ...]) -> None:
    """The last category is covered first, whatever the figures are: the choice tells nothing."""
    parts = [(name,) for name in "abcd"]
    values = {("n",): sum(counts), **dict(zip(parts, counts, strict=True))}
    shown = protect(values, [Sum(("n",), tuple(parts))], parts[::-1], random.Random(2))
    assert shown[("d",)] in (Mark.COVERED, Mark.WITHHELD)


def test_at_times_one_more_is_covered_than_needed() -> None:
    """So that how many are covered is no sign of how small the small one is."""
    parts = [(name,) for name in "abcd"]
    values = {("n",): 93, **dict(zip(parts, (3, 20, 40, 30), strict=True))}
    covered = {
        sum(figure is Mark.COVERED for figure in protect(values, [Sum(("n",), tuple(parts))], parts[::-1], random.Random(seed)).values())
        for seed in range(40)
    }  # fmt: skip
    assert covered == {1, 2}


def test_a_month_with_few_shows_nothing_but_that() -> None:
    assert month_figures(FLAT, _flat([3, 2, 1, 0], [1, 0])) == {ALL: Mark.SMALL}


def test_nothing_is_hidden_where_nothing_is_small() -> None:
    shown = month_figures(FLAT, _flat([10, 20, 30, 40], [1, 1]))
    assert not any(isinstance(figure, Mark) for figure in shown.values())
