"""Which figures are shown, so that no count below 7 can be worked out from those that are.

The rule. A count below 7 (0 too) is never shown. What stands in its place is one of three marks, and each tells a
reader something, which an attacker uses: SMALL says 0–6, COVERED says 7 or more, WITHHELD says nothing. From all that
is published (figures, marks and which of them add up to which) it must be possible that a hidden count below 7 is 0,
and possible that it is 6: the narrowest range that anybody can prove for it is then at least 0–6.

How. Wherever a table with a shown total has a small count, at least one more cell is COVERED: «ukjent» first, then in
the fixed order of the categories, never by size, because the choice would tell something. Then the table is attacked:
an integer programme (SciPy's HiGHS) looks, for each hidden small count, for whole numbers that fit everything published
and in which it is 0, and for others in which it is 6. Where there are none, more is covered; where nothing is left to
cover, the whole table is WITHHELD.

Whoever knows this programme could still read something from how many cells it had to cover. So at times it covers one
more than it needs, by chance: one cell more is then no sign of anything.

Complementary suppression with an audit of the feasible intervals is the classic way (Fischetti and Salazar-González,
2001; the handbook of Hundepool et al., «Statistical Disclosure Control», chapter 4). The threshold is the one of the
special services' annual reports, which give no number for categories with fewer than 7 cases.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

LEAST = 7
"""The smallest count that is shown."""
_ONE_MORE = 0.25
Cell = tuple[str, ...]


class Mark(str, Enum):
    """What stands in place of a figure."""

    SMALL = "small"
    COVERED = "covered"
    WITHHELD = "withheld"


Shown = Mapping[Cell, "int | Mark"]
_RANGE = {
    Mark.SMALL: (0.0, LEAST - 1.0),
    Mark.COVERED: (float(LEAST), float("inf")),
    Mark.WITHHELD: (0.0, float("inf")),
}


@dataclass(frozen=True)
class Sum:
    """Everybody can see that the parts add up to the total."""

    total: Cell
    parts: tuple[Cell, ...]

    @property
    def cells(self) -> tuple[Cell, ...]:
        return (self.total, *self.parts)


def protect(
    values: Mapping[Cell, int], sums: Sequence[Sum], order: Sequence[Cell], chance: random.Random | None = None
) -> dict[Cell, int | Mark]:
    """What to show of one table (or of several that hang together).

    ``order``: the cells that may be covered, the first one first. A total that is not in it stays as it is.
    """
    chance = chance or random.SystemRandom()
    shown: dict[Cell, int | Mark] = {cell: value if value >= LEAST else Mark.SMALL for cell, value in values.items()}
    for add in sums:
        if any(shown[part] is Mark.SMALL for part in add.parts):
            more = 2 if chance.random() < _ONE_MORE else 1
            for cell in [cell for cell in order if cell in add.parts and isinstance(shown[cell], int)][:more]:
                shown[cell] = Mark.COVERED
    while found := exposed(shown, sums, values):
        near = _hangs_together(found, shown, sums)
        following = next((cell for cell in order if cell in near and isinstance(shown[cell], int)), None)
        if following is None:
            return {**shown, **dict.fromkeys(order, Mark.WITHHELD)}
        shown[following] = Mark.COVERED
    return shown


def extend(
    shown: Shown, values: Mapping[Cell, int], sums: Sequence[Sum], totals: Iterable[Cell]
) -> dict[Cell, int | Mark]:
    """Show totals beside what is published already: those that can be, in their order. The others are WITHHELD."""
    grown: dict[Cell, int | Mark] = dict(shown)
    waiting = list(totals)
    grown.update(dict.fromkeys(waiting, Mark.WITHHELD))
    for total in waiting:
        if values[total] < LEAST:
            continue
        grown[total] = values[total]
        if exposed(grown, sums, values):
            grown[total] = Mark.WITHHELD
    return grown


def exposed(shown: Shown, sums: Sequence[Sum], values: Mapping[Cell, int]) -> set[Cell]:
    """The hidden counts below 7 that could be proved not to be 0, or not to be 6. ``values``: the true ones."""
    return _System(shown, sums).exposed([cell for cell in shown if _hidden(shown, cell) and values[cell] < LEAST])


def _hidden(shown: Shown, cell: Cell) -> bool:
    return isinstance(shown[cell], Mark)


def _hangs_together(cells: Collection[Cell], shown: Shown, sums: Sequence[Sum]) -> set[Cell]:
    """Every cell of every sum that is tied to some cells through hidden ones."""
    reached = set(cells)
    while True:
        hidden = {cell for cell in reached if _hidden(shown, cell)}
        more = reached.union(*(add.cells for add in sums if hidden.intersection(add.cells)))
        if more == reached:
            return reached
        reached = more


class _System:
    """The hidden cells as unknown whole numbers, and what the shown ones say of them."""

    def __init__(self, shown: Shown, sums: Sequence[Sum]) -> None:
        self._shown = shown
        self._sums = sums
        counted = Counter(cell for add in sums for cell in add.cells if _hidden(shown, cell))
        # A total that says nothing and stands in no other sum ties nothing down.
        self._free = {add.total: add for add in sums if shown[add.total] is Mark.WITHHELD and counted[add.total] == 1}
        self._tying = [add for add in sums if add.total not in self._free]
        hidden = dict.fromkeys(
            cell for add in sums for cell in add.cells if _hidden(shown, cell) and cell not in self._free
        )
        self._number = {cell: number for number, cell in enumerate(hidden)}
        self._solver = _Solver([_RANGE[Mark(shown[cell])] for cell in hidden], *self._equations())
        places = defaultdict(list)
        for index, add in enumerate(self._tying):
            for cell in add.cells:
                if cell in self._number:
                    places[cell].append((index, 1 if cell in add.parts else -1))
        self._alike = {cell: (shown[cell], tuple(places[cell])) for cell in hidden}

    def _equations(self) -> tuple[list[dict[int, float]], list[float]]:
        rows, sides = [], []
        for add in self._tying:
            row = {self._number[part]: 1.0 for part in add.parts if part in self._number}
            if add.total in self._number:
                row[self._number[add.total]] = -1.0
            if row:
                rows.append(row)
                sides.append(_figure(self._shown, add.total) - sum(_figure(self._shown, part) for part in add.parts))
        return rows, sides

    def exposed(self, guarded: Sequence[Cell]) -> set[Cell]:
        # Cells in the same place of the same sums can change places, so one stands for all of them.
        kinds: dict[Hashable, list[Cell]] = defaultdict(list)
        for cell in guarded:
            if cell in self._number or cell in self._free:
                kinds[self._kind(cell)].append(cell)
        firsts = {cells[0]: cells for cells in kinds.values()}
        wanted = {first: self._expression(first) for first in firsts}
        lost = self._solver.out_of_reach(wanted, 0.0) | self._solver.out_of_reach(wanted, LEAST - 1.0)
        return {cell for first in lost for cell in firsts[first]}

    def _kind(self, cell: Cell) -> Hashable:
        if cell in self._number:
            return self._alike[cell]
        parts = [self._alike[part] for part in self._free[cell].parts if part in self._number]
        return (frozenset(Counter(parts).items()), self._expression(cell)[1])

    def _expression(self, cell: Cell) -> tuple[tuple[int, ...], float]:
        """The unknowns that add up to a cell, and what is known beside them."""
        if cell in self._number:
            return (self._number[cell],), 0.0
        parts = self._free[cell].parts
        known = sum(_figure(self._shown, part) for part in parts)
        return tuple(self._number[part] for part in parts if part in self._number), known


def _figure(shown: Shown, cell: Cell) -> float:
    value = shown[cell]
    return 0.0 if isinstance(value, Mark) else float(value)


class _Solver:
    """Whole numbers within ranges that fulfil equations."""

    def __init__(self, ranges: Sequence[tuple[float, float]], rows: Sequence[dict[int, float]], sides: Sequence[float]):
        self._ranges = ranges
        self._rows = rows
        self._sides = sides

    def out_of_reach(self, wanted: Mapping[Cell, tuple[tuple[int, ...], float]], target: float) -> set[Cell]:
        """Those whose expression cannot be brought to ``target`` or past it (0: down to it, else up to it)."""
        sign = 1.0 if target == 0 else -1.0
        waiting = dict(wanted)
        lost: set[Cell] = set()
        together = True
        while waiting:
            # All at once settles many; then one at a time those that stand in each other's way.
            chosen = waiting if together else dict([next(iter(waiting.items()))])
            weights = Counter(unknown for unknowns, _ in chosen.values() for unknown in unknowns)
            found = self._solve({unknown: sign * weight for unknown, weight in weights.items()})
            reached = {
                cell
                for cell, (unknowns, known) in waiting.items()
                if sign * (known + sum(found[unknown] for unknown in unknowns)) <= sign * target
            }
            if not together and not reached.intersection(chosen):
                lost.update(chosen)
                reached.update(chosen)
            together = bool(reached) and together
            waiting = {cell: expression for cell, expression in waiting.items() if cell not in reached}
        return lost

    def _solve(self, objective: Mapping[int, float]) -> Sequence[float]:
        import numpy
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import lil_matrix

        size = len(self._ranges)
        goal = numpy.zeros(size)
        for unknown, weight in objective.items():
            goal[unknown] = weight
        # An unknown without an upper end could be asked to grow for ever; nothing is counted in millions.
        bounds = Bounds([low for low, _ in self._ranges], [min(high, 1e6) for _, high in self._ranges])
        constraints = []
        if self._rows:
            matrix = lil_matrix((len(self._rows), size))
            for number, row in enumerate(self._rows):
                for unknown, factor in row.items():
                    matrix[number, unknown] = factor
            constraints = [LinearConstraint(matrix.tocsr(), self._sides, self._sides)]
        done = milp(goal, integrality=numpy.ones(size), bounds=bounds, constraints=constraints)
        if done.x is None:
            raise ArithmeticError("the figures do not add up")
        return [float(round(value)) for value in done.x]
