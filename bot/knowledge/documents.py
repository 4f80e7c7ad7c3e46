"""What is searched: articles, laws, services, countries and figures as documents of weighed fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.knowledge.model import Article, Section
from bot.knowledge.store import Knowledge

ARTICLE, LAW, SERVICE, COUNTRY, TABLE = "article", "law", "service", "country", "statistics"
# How often a field's words count: a hit in the title weighs more than one deep in the text.
TITLE, QUESTIONS, SHORT, BODY = 8, 4, 2, 1
_SNIPPET = 160


@dataclass(frozen=True)
class Hit:
    """Something found. ``score`` is comparable within one search only."""

    kind: str
    id: str
    title: str
    snippet: str
    score: float


@dataclass(frozen=True)
class Document:
    """One thing that can be found. ``fields``: texts, and how much their words weigh."""

    kind: str
    id: str
    title: str
    snippet: str
    fields: tuple[tuple[str, int], ...]

    def hit(self, score: float) -> Hit:
        """It, as found."""
        return Hit(self.kind, self.id, self.title, self.snippet, score)


def documents(knowledge: Knowledge) -> Iterator[Document]:
    """All of them, articles first."""
    for article in knowledge.answers():
        yield _article(knowledge, article)
    for law in knowledge.laws.values():
        name = knowledge.sources[law.source].title if law.source in knowledge.sources else law.source
        title = f"{name} {law.paragraph}: {law.title}"
        yield Document(LAW, law.id, title, _cut(law.plain), ((title, TITLE), (law.plain, SHORT)))
    for service in knowledge.services.values():
        names = " ".join((service.name, *service.earlier_names))
        body = " ".join((service.mandate, service.for_whom, service.cannot))
        yield Document(SERVICE, service.id, service.name, _cut(service.mandate), ((names, TITLE), (body, BODY)))
    for country in knowledge.countries.values():
        names = " ".join((country.name, country.name_nn, *country.also, *country.nationality))
        yield Document(COUNTRY, country.code, country.name, country.name, ((names, TITLE),))
    for table in knowledge.statistics.values():
        body = " ".join((table.note, *table.columns, *(str(row[0]) for row in table.rows)))
        yield Document(TABLE, table.id, table.title, _cut(table.note), ((table.title, TITLE), (body, BODY)))


def _article(knowledge: Knowledge, article: Article) -> Document:
    topic = knowledge.topics.get(article.topic)
    about = topic.about if topic else ""
    body = " ".join(text for section, text in article.sections.items() if section is not Section.SHORT)
    laws = " ".join(
        f"{knowledge.laws[law].title} {knowledge.laws[law].paragraph}" for law in article.laws if law in knowledge.laws
    )
    fields = (
        (f"{article.title} {about}", TITLE),
        (" ".join(article.questions), QUESTIONS),
        (article.text(Section.SHORT), SHORT),
        (f"{body} {laws}", BODY),
    )
    return Document(ARTICLE, article.topic, article.title, _cut(article.text(Section.SHORT)), fields)


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SNIPPET else line[:_SNIPPET].rsplit(" ", 1)[0] + " …"
