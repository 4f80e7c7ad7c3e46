"""Published figures as people read them: rows of words, bars, and the lines of a CSV file. All show the same."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.statistics.publication import Figure, Published
from bot.statistics.scheme import Dimension
from bot.statistics.suppression import LEAST, Mark

HEADINGS = ("Periode", "Hva", "Delt etter", "Kategori", "Antall", "Enhet")
_MONTHS = (
    *("januar", "februar", "mars", "april", "mai", "juni"),
    *("juli", "august", "september", "oktober", "november", "desember"),
)
_WORDS = {Mark.SMALL: f"under {LEAST}", Mark.COVERED: "skjult", Mark.WITHHELD: "skjult"}
# A table with more rows than this leaves out those that only say «under 7», and says so.
_MANY = 40
_ROW, _BAR, _LABEL, _WIDTH, _ROOM = 26, 16, 210, 640, 60


@dataclass(frozen=True)
class Row:
    """A line of a table."""

    name: str
    figure: Figure

    @property
    def words(self) -> str:
        return in_words(self.figure)


@dataclass(frozen=True)
class Shown:
    """A table and its bars. ``left_out``: how many categories are not listed because each is under 7."""

    title: str
    unit: str
    rows: Sequence[Row]
    left_out: int = 0

    @property
    def hides(self) -> bool:
        """Something stands hidden in it."""
        return any(isinstance(row.figure, Mark) for row in self.rows)

    def bars(self) -> Bars:
        return Bars(self)


@dataclass(frozen=True)
class Bar:
    """One bar of a chart, in the units of its picture."""

    name: str
    words: str
    y: int
    length: int


class Bars:
    """Where the bars of a chart stand: what a template draws as SVG. A hidden figure has no bar, whatever it is."""

    label, width, thickness = _LABEL, _WIDTH, _BAR

    def __init__(self, shown: Shown) -> None:
        figures = [row.figure for row in shown.rows if not isinstance(row.figure, Mark)]
        longest = max(figures, default=1)
        self.title = shown.title
        self.height = _ROW * len(shown.rows)
        self.bars = [
            Bar(
                _shortened(row.name),
                row.words,
                _ROW * number,
                0 if isinstance(row.figure, Mark) else round((_WIDTH - _LABEL - _ROOM) * row.figure / longest),
            )
            for number, row in enumerate(shown.rows)
        ]
        self.told = f"{shown.title}: {', '.join(f'{row.name} {row.words}' for row in shown.rows)}."


def in_words(figure: Figure) -> str:
    """A figure, or what stands in its place."""
    return _WORDS[figure] if isinstance(figure, Mark) else str(figure)


def in_steps(count: int) -> str:
    """A count that changes from day to day, told in steps of seven («7–13»): one more is not seen, and none below 7."""
    least = count // LEAST * LEAST
    return f"under {LEAST}" if least == 0 else f"{least}–{least + LEAST - 1}"


def period_name(period: str) -> str:
    """«oktober 2026», «2026»."""
    year, _, month = period.partition("-")
    return f"{_MONTHS[int(month) - 1]} {year}" if month else year


def tables(published: Published) -> list[Shown]:
    """Every table of a measure in a period; none where there is too little to show."""
    if not published.figures:
        return []
    return [_table(published, dimension) for dimension in published.measure.dimensions]


def _table(published: Published, dimension: Dimension) -> Shown:
    rows = [Row(name, published.figures[dimension.id, category]) for category, name in dimension.categories.items()]
    listed = rows if len(rows) <= _MANY else [row for row in rows if row.figure is not Mark.SMALL]
    return Shown(dimension.name, published.measure.unit, listed, len(rows) - len(listed))


def by_month(all_published: Mapping[str, Mapping[str, Published]], measure: str, title: str, unit: str) -> Shown:
    """The totals of a measure, month by month, the earliest first."""
    months = sorted(period for period in all_published if "-" in period and measure in all_published[period])
    return Shown(title, unit, [Row(period_name(month), all_published[month][measure].total) for month in months])


def as_csv(published: Iterable[Published]) -> str:
    """What the page shows of a period, with the categories that it leaves out, too."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADINGS)
    for one in published:
        start = (one.period, one.measure.name)
        writer.writerow((*start, "Alle", "", in_words(one.total), one.measure.unit))
        for dimension in one.measure.dimensions if one.figures else ():
            for category, name in dimension.categories.items():
                figure = in_words(one.figures[dimension.id, category])
                writer.writerow((*start, dimension.name, name, figure, one.measure.unit))
    return file.getvalue()


def _shortened(name: str) -> str:
    return name if len(name) <= 30 else name[:29].rstrip() + "…"
