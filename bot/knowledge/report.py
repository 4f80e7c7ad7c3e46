"""The state of the knowledge base, for editors: a table, and an HTML page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.knowledge.check import Finding
from bot.knowledge.model import Article, Section
from bot.knowledge.render import ContactFields, fill
from bot.knowledge.store import Knowledge
from bot.language import gsm7
from bot.language.readability import readability

_HEADINGS = (
    "Emne",
    "Tittel",
    "Status",
    "Kontrollert",
    "Neste",
    "LIX unge",
    "LIX fag",
    "Kort",
    "SMS",
    "Kilder",
    "Språk",
)


@dataclass(frozen=True)
class Line:
    """One article. LIX is None where it has no such part; ``short`` is in characters, ``sms`` in parts."""

    topic: str
    title: str
    status: str
    checked_on: date
    check_by: date
    stale: bool
    lix_young: float | None
    lix_staff: float | None
    short: int
    sms: int
    sources: int
    languages: tuple[str, ...]

    def cells(self) -> tuple[str, ...]:
        """As words, in the order of the headings."""
        lix = ["–" if value is None else f"{value:.0f}" for value in (self.lix_young, self.lix_staff)]
        status = {"written": "skrevet", "approved": "godkjent", "stale": "utdatert"}[self.status]
        return (
            self.topic,
            self.title,
            f"{status}, forfalt" if self.stale else status,
            self.checked_on.isoformat(),
            self.check_by.isoformat(),
            *lix,
            str(self.short),
            str(self.sms),
            str(self.sources),
            " ".join(self.languages),
        )


def lines(knowledge: Knowledge, contacts: ContactFields, today: date) -> list[Line]:
    """A line for each article, in the topics' order."""
    order = list(knowledge.topics)
    found = [_line(knowledge, article, contacts, today) for article in knowledge.answers()]
    return sorted(found, key=lambda line: order.index(line.topic) if line.topic in order else len(order))


def as_text(table: Sequence[Line]) -> str:
    """The table in columns, and the counts below it."""
    rows = [_HEADINGS, *(line.cells() for line in table)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    body = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([*body, "", summary(table)])


def as_html(table: Sequence[Line], findings: Sequence[Finding], root: Path, today: date) -> str:
    """The same as a page of its own, with the findings."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined
    )
    told = [str(finding).replace(f"{root.parent}/", "", 1) for finding in findings]
    return environment.get_template("report.html").render(
        headings=_HEADINGS, rows=[line.cells() for line in table], findings=told, summary=summary(table), today=today
    )


def summary(table: Sequence[Line]) -> str:
    """How many there are of each."""
    approved, stale = (sum(line.status == "approved" for line in table), sum(line.stale for line in table))
    return f"{len(table)} svar, {approved} godkjent av en fagperson, {stale} over fristen for ny kontroll."


def _line(knowledge: Knowledge, article: Article, contacts: ContactFields, today: date) -> Line:
    young = [s for s in Section if s not in (Section.SMS, Section.STAFF)]
    own = "\n".join(article.text(section) for section in young) if set(article.audience) & {"u", "v"} else ""
    staff = article.text(Section.STAFF)
    return Line(
        topic=article.topic,
        title=article.title,
        status=article.status,
        checked_on=article.checked_on,
        check_by=article.check_by,
        stale=article.check_by < today,
        lix_young=readability(own).lix if own else None,
        lix_staff=readability(staff).lix if staff else None,
        short=len(fill(article.text(Section.SHORT), contacts)),
        sms=gsm7.parts(gsm7.plain(fill(article.text(Section.SMS), contacts))),
        sources=len(knowledge.behind(article)),
        languages=tuple(language for topic, language in knowledge.articles if topic == article.topic),
    )
