"""What staff look up while somebody waits: contacts, articles and laws. Light to start: it loads no model.

The index over articles and laws is kept in the folder of settings and used again for as long as knowledge/ is the
same; what was learnt from data/nlu/ is written by `hjemvei train`. Without either the look-up still answers.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from bot import directory as directory_room
from bot import knowledge as knowledge_room
from bot.directory import hours
from bot.directory.lookup import LIMIT, Found, Lookup, Match
from bot.directory.need import read_doors
from bot.errors import StartError
from bot.knowledge.documents import ARTICLE, LAW, TABLE, Hit
from bot.knowledge.quick import QuickSearch, learn, synonym_groups
from bot.knowledge.reading import read_yaml
from bot.knowledge.render import fill
from bot.knowledge.store import read_countries
from bot.settings import ROOT, Settings

_EXAMPLES = ROOT / "data" / "nlu"
_ARTICLES, _LAWS = 4, 3
# Found by their own words alone.
_PLAIN = (LAW, TABLE)
# Changes when the form of the kept index does.
_FORM = "2"


@dataclass(frozen=True)
class Answer:
    """A look-up: who can help, what to read, which provisions."""

    found: Found
    articles: tuple[Hit, ...]
    laws: tuple[Hit, ...]

    def as_dict(self) -> dict[str, Any]:
        """As ``contract.md`` has it, with what is not known beside it."""
        return {
            "contacts": [contact_dict(match) for match in self.found.matches],
            "articles": [{"topic": hit.id, "title": hit.title, "snippet": hit.snippet} for hit in self.articles],
            "laws": [{"id": hit.id, "title": hit.title} for hit in self.laws],
            "notes": list(self.found.notes),
            "question": self.found.question,
        }


def contact_dict(match: Match) -> dict[str, Any]:
    """One contact of a look-up."""
    contact = match.contact
    return {
        "id": contact.id,
        "name": contact.spoken_name,
        "phone": match.phone,
        "sms": contact.sms,
        "chat": contact.chat,
        "email": contact.email,
        "url": contact.url,
        "hours": match.hours,
        "open_now": match.open_now,
        "why": list(match.why),
        "sources": [reference.ref for reference in contact.sources],
    }


class Desk:
    """Look-ups over the knowledge base of some settings."""

    def __init__(self, settings: Settings) -> None:
        if not settings.knowledge.is_dir():
            raise StartError(f"Mappa {settings.knowledge} finnes ikke. Sett HJEMVEI_KNOWLEDGE til kunnskapsbasen.")
        self._settings = settings
        self.directory = directory_room.load(settings.knowledge / "contacts")
        self.lookup = Lookup(
            self.directory,
            read_doors(settings.knowledge / "needs.yml"),
            read_countries(settings.knowledge / "countries.yml"),
        )

    def remember_holidays(self) -> None:
        """Take the calendar from what is kept, so that it need not be worked out."""
        for year, days in self._kept["holidays"].items():
            hours.remember(int(year), {date.fromisoformat(day): name for day, name in days.items()})

    def ask(self, text: str, now: datetime, limit: int = LIMIT) -> Answer:
        """Everything that a query finds."""
        self.remember_holidays()
        details = self.directory.details()
        articles = [hit for hit in self._search[ARTICLE].find(text, 2 * _ARTICLES) if hit.id in self._showable]
        return Answer(
            self.lookup.ask(text, now, limit),
            tuple(_filled(articles[:_ARTICLES], details)),
            tuple(self._search[LAW].find(text, _LAWS)),
        )

    @cached_property
    def _kept(self) -> Mapping[str, Any]:
        """The index, read back when it is of this very knowledge base, else built and kept for the next time."""
        path = self._settings.folder / "search.json"
        state = _state(self._settings.knowledge)
        try:
            kept: Mapping[str, Any] = json.loads(path.read_text("utf-8"))
            if kept["state"] == state:
                return kept
        except (OSError, ValueError, KeyError, TypeError):
            pass
        knowledge = knowledge_room.load(self._settings.knowledge)
        built = {kind: QuickSearch.build(knowledge, (kind,)).as_dict() for kind in (ARTICLE, *_PLAIN)}
        statuses = {article.topic: article.status for article in knowledge.answers()}
        fresh = {"state": state, "statuses": statuses, "holidays": _holidays(), **built}
        _keep(path, fresh)
        return fresh

    def search(self, kind: str) -> QuickSearch:
        """The search over documents of one kind: articles, laws or tables of figures."""
        return self._search[kind]

    @cached_property
    def _search(self) -> Mapping[str, QuickSearch]:
        return {
            ARTICLE: QuickSearch.from_dict(self._kept[ARTICLE], told=_told(self._settings)),
            **{kind: QuickSearch.from_dict(self._kept[kind]) for kind in _PLAIN},
        }

    @cached_property
    def _showable(self) -> frozenset[str]:
        approved_only = self._settings.approved_only
        return frozenset(
            topic for topic, status in self._kept["statuses"].items() if not approved_only or status == "approved"
        )


def _holidays() -> dict[str, dict[str, str]]:
    """This year's and its neighbours'."""
    this = date.today().year
    return {
        str(year): {day.isoformat(): name for day, name in hours.calendar(year).items()}
        for year in range(this - 1, this + 3)
    }


def learn_examples(settings: Settings, examples: Mapping[str, Iterable[str]]) -> None:
    """Keep what data/nlu/ teaches about which words ask for which topic, beside the model."""
    groups = synonym_groups(read_yaml(settings.knowledge / "synonyms.yml"))
    told = learn({topic: list(texts) for topic, texts in examples.items()}, groups)
    _keep(settings.models / "search.json", {"state": _contents(_EXAMPLES), "told": told})


def has_learnt(settings: Settings) -> bool:
    """What is kept was learnt from data/nlu/ as it is."""
    return bool(_told(settings))


def _told(settings: Settings) -> Mapping[str, Any]:
    try:
        kept = json.loads((settings.models / "search.json").read_text("utf-8"))
        return dict(kept["told"]) if kept["state"] == _contents(_EXAMPLES) else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _state(folder: Path) -> str:
    """Changes when a file of the folder does: names, sizes and times."""
    files = sorted(path for path in folder.rglob("*") if path.suffix in (".md", ".yml"))
    lines = [f"{path.relative_to(folder)} {(stat := path.stat()).st_size} {stat.st_mtime_ns}" for path in files]
    return hashlib.sha256("\n".join((_FORM, *lines)).encode()).hexdigest()


def _contents(folder: Path) -> str:
    digest = hashlib.sha256(_FORM.encode())
    for path in sorted(folder.glob("*.yml")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _keep(path: Path, content: Mapping[str, Any]) -> None:
    """Write in one step, so that nobody reads half of it. A folder that cannot be written to is no reason to stop."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(f".{hashlib.sha256(str(id(content)).encode()).hexdigest()[:8]}.part")
        partial.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")), "utf-8")
        partial.replace(path)
    except OSError:
        return


def _filled(hits: Iterable[Hit], details: Mapping[str, Mapping[str, str]]) -> Iterable[Hit]:
    return (Hit(hit.kind, hit.id, hit.title, fill(hit.snippet, details), hit.score) for hit in hits)
