"""Load knowledge/ and find things in it by id."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, TypeVar

from bot.errors import KnowledgeError
from bot.knowledge.guides import Guide, read_guides
from bot.knowledge.languages import OtherLanguages, read_languages
from bot.knowledge.model import Article, Country, Law, Mission, Service, Source, Table, Topic
from bot.knowledge.reading import read_article, read_yaml

_Item = TypeVar("_Item", Source, Law, Country, Service, Table)


@dataclass(frozen=True)
class Knowledge:
    """All of it, by id. Articles are keyed by topic and language."""

    root: Path
    topics: Mapping[str, Topic]
    sources: Mapping[str, Source]
    laws: Mapping[str, Law]
    countries: Mapping[str, Country]
    services: Mapping[str, Service]
    statistics: Mapping[str, Table]
    articles: Mapping[tuple[str, str], Article]
    languages: OtherLanguages
    guides: Mapping[str, Guide] = field(default_factory=dict)
    harder: frozenset[tuple[str, str]] = frozenset()
    """Articles (topic and part, ``young`` or ``staff``) that may be harder to read than the rest, with a reason."""

    def article(self, topic: str, language: str = "nb") -> Article | None:
        """The article for a topic in ``language``, in bokmål where that variant is missing, else None."""
        return self.articles.get((topic, language)) or self.articles.get((topic, "nb"))

    def answers(self) -> Iterator[Article]:
        """Every article in bokmål: one for each topic that can be answered."""
        return (article for (_, language), article in self.articles.items() if language == "nb")

    def behind(self, article: Article) -> tuple[str, ...]:
        """The ids of the sources that an article rests on, those of its laws last, each once."""
        cited = [citation.source for citation in article.sources]
        cited += [self.laws[law].source for law in article.laws if law in self.laws]
        return tuple(dict.fromkeys(cited))


def load(root: Path) -> Knowledge:
    """Read the folder ``knowledge/``. Raises KnowledgeError with every finding, not just the first."""
    findings: list[str] = []
    topics = _topics(root / "topics.yml", findings)
    sources = _items(root / "sources.yml", Source, findings)
    laws = _items(root / "laws.yml", Law, findings)
    countries = _items(root / "countries.yml", Country, findings)
    services = _items(root / "services.yml", Service, findings)
    statistics = _items(root / "statistics.yml", Table, findings)
    languages = read_languages(root / "languages.yml", findings)
    guides = read_guides(root / "guides", findings)
    harder = _harder(root / "readability.yml", findings)
    articles: dict[tuple[str, str], Article] = {}
    for path in sorted((root / "articles").glob("*/*.md")):
        try:
            article = read_article(path)
        except KnowledgeError as error:
            findings += error.findings
            continue
        key = (article.topic, article.language)
        if key in articles:
            findings.append(f"{path}:1: {article.topic} ({article.language}) finnes også i {articles[key].path}")
        articles[key] = article
    if findings:
        raise KnowledgeError(findings)
    shown = _with_inherited(articles)
    return Knowledge(root, topics, sources, laws, countries, services, statistics, shown, languages, guides, harder)


def read_countries(path: Path) -> dict[str, Country]:
    """The file countries.yml alone, by code. Raises KnowledgeError with every finding."""
    findings: list[str] = []
    found = _items(path, Country, findings)
    if findings:
        raise KnowledgeError(findings)
    return found


def _with_inherited(articles: dict[tuple[str, str], Article]) -> dict[tuple[str, str], Article]:
    """Give each variant the bokmål article's front matter: only words differ between languages."""
    shared = [
        f.name for f in fields(Article) if f.name not in {"topic", "language", "title", "path", "sections", "lines"}
    ]
    for (topic, language), article in articles.items():
        original = articles.get((topic, "nb"))
        if language != "nb" and original is not None:
            inherited: dict[str, Any] = {name: getattr(original, name) for name in shared}
            articles[topic, language] = replace(article, **inherited)
    return articles


def _topics(path: Path, findings: list[str]) -> dict[str, Topic]:
    try:
        content = read_yaml(path)
        return {item["id"]: Topic(item["id"], item["who"], item["about"]) for item in content["topics"]}
    except KnowledgeError as error:
        findings += error.findings
    except (KeyError, TypeError) as error:
        findings.append(f"{path}:1: hvert emne må ha id, who og about ({error})")
    return {}


def _harder(path: Path, findings: list[str]) -> frozenset[tuple[str, str]]:
    try:
        return frozenset((entry["topic"], entry["part"]) for entry in read_yaml(path) if entry["why"])
    except KnowledgeError as error:
        findings += error.findings
    except (KeyError, TypeError) as error:
        findings.append(f"{path}:1: hver linje må ha topic, part og why ({error})")
    return frozenset()


def _items(path: Path, kind: type[_Item], findings: list[str]) -> dict[str, _Item]:
    names = {f.name for f in fields(kind)}
    found: dict[str, _Item] = {}
    try:
        content: Iterable[Mapping[str, Any]] = read_yaml(path)
    except KnowledgeError as error:
        findings += error.findings
        return found
    for number, item in enumerate(content, start=1):
        try:
            entry = kind(**{key: _value(key, value) for key, value in item.items() if key in names})
        except (TypeError, AttributeError) as error:
            findings.append(f"{path}:1: oppføring {number}: {error}")
            continue
        if entry.id in found:
            findings.append(f"{path}:1: «{entry.id}» står to ganger")
        found[entry.id] = entry
    return found


def _value(key: str, value: Any) -> Any:
    if key in ("mission", "mission_closed") and isinstance(value, Mapping):
        return Mission(**{name: text for name, text in value.items() if name in Mission.__dataclass_fields__})
    return tuple(value) if isinstance(value, list) else value
