"""The look-up of the console: contacts, articles, laws, countries and figures for one line of text and some filters.

Every result carries its source and date, the words to pass on, and the same as a text message with its parts counted.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.bootstrap import Library
from bot.desk import Desk
from bot.directory.lookup import Match
from bot.directory.narrowing import Fields, narrowed
from bot.knowledge import Article
from bot.knowledge.documents import ARTICLE, COUNTRY, LAW, TABLE
from bot.knowledge.model import Country, Law, Section, Table
from bot.knowledge.render import fill
from bot.language import gsm7
from bot.language.cleaning import clean, fold
from bot.language.countries import find_countries
from bot.language.places import place as places_called

CONTACT = "contact"
LONGEST = 200
_CONTACTS, _ARTICLES, _LAWS, _COUNTRIES, _TABLES = 6, 4, 4, 3, 3
_SHORTEST_START = 3
_SPECIFIC = 0.35
_PLAIN_WORDS = str.maketrans({"*": "", "#": "", "`": ""})


@dataclass(frozen=True)
class Asked:
    """What stands in the search field and the filters."""

    text: str = ""
    age: int | None = None
    place: str = ""
    language: str = ""
    open_now: bool = False

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Asked:
        """From what the page sends. Raises ValueError when something has another form."""
        text, place, language = (given.get(name, "") for name in ("text", "place", "language"))
        age = given.get("age")
        if not all(isinstance(value, str) and len(value) <= LONGEST for value in (text, place, language)):
            raise ValueError("text")
        if age is not None and (not isinstance(age, int) or isinstance(age, bool)):
            raise ValueError("age")
        return cls(clean(text), age, clean(place), clean(language), given.get("open_now") is True)


class LookUp:
    """Look-ups over one state of the knowledge base. Built once for it; building takes a second."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._desk = Desk(library.settings)
        self._desk.remember_holidays()
        self._desk.search(ARTICLE)
        self._contact_details = library.directory.details()
        self._words = sorted(set(_words(self._names())))

    def _names(self) -> Iterator[str]:
        for contact in self.library.directory.contacts.values():
            yield from (contact.name, contact.short or "", *contact.aliases)
        yield from (article.title for article in self.library.knowledge.answers())
        yield from (country.name for country in self.library.knowledge.countries.values())
        yield from (door.replace("_", " ") for door in self.library.lookup.doors)

    def find(self, asked: Asked, now: datetime) -> dict[str, Any]:
        """``{"results": [...], "notes": [...], "question"}``; nothing for nothing. Raises ValueError for a filter that
        cannot be read."""
        if asked == Asked():
            return {"results": [], "notes": [], "question": ""}
        text = self.completed(asked.text)
        lookup = self.library.lookup
        need = narrowed(lookup.read(text, now), self._fields(asked), self.library.knowledge.countries)
        found = lookup.find(need, _CONTACTS)
        contacts = [_contact(match) for match in found.matches]
        results: list[dict[str, Any]] = []
        if text:
            results += self._articles(text)
            results += self._countries(text)
            laws = self._desk.search(LAW).find(text, _LAWS, by_word=True)
            results += [self._law(self.library.knowledge.laws[hit.id]) for hit in laws]
            tables = self._desk.search(TABLE).find(text, _TABLES, by_word=True)
            results += [self._table(self.library.knowledge.statistics[hit.id], text) for hit in tables]
        # Where no word asks for anybody, the ordinary doors come last.
        results = [*contacts, *results] if need.understood else [*results, *contacts]
        return {"results": results, "notes": list(found.notes), "question": found.question}

    def completed(self, text: str) -> str:
        """``text`` with the word that is being typed completed, where it begins a name or a title."""
        start, _, last = text.rpartition(" ")
        last = fold(last)
        if len(last) < _SHORTEST_START:
            return text
        at = bisect_left(self._words, last)
        if at < len(self._words) and self._words[at] != last and self._words[at].startswith(last):
            return f"{start} {self._words[at]}".strip()
        return text

    def _fields(self, asked: Asked) -> Fields:
        """A place that is a country is where they are."""
        abroad = bool(asked.place) and not places_called(asked.place) and bool(find_countries(asked.place))
        return Fields(
            place="" if abroad else asked.place,
            country=asked.place if abroad else "",
            age=asked.age,
            language=asked.language,
            open_now=True if asked.open_now else None,
        )

    def _articles(self, text: str) -> Iterator[dict[str, Any]]:
        hits = self._desk.search(ARTICLE).find(text, 2 * _ARTICLES)
        best = hits[0].score if hits else 0.0
        shown = [self.library.answers.article(hit.id) for hit in hits if hit.score >= _SPECIFIC * best]
        return (self._article(article) for article in [a for a in shown if a is not None][:_ARTICLES])

    def _article(self, article: Article) -> dict[str, Any]:
        short, sms = (fill(article.text(part), self._contact_details) for part in (Section.SHORT, Section.SMS))
        staff = fill(article.text(Section.STAFF), self._contact_details)
        knowledge = self.library.knowledge
        sources = [knowledge.sources[name] for name in knowledge.behind(article) if name in knowledge.sources]
        return _result(
            ARTICLE,
            article.topic,
            article.title,
            lines=_paragraphs(short),
            more=_paragraphs(staff),
            text=short,
            sms=sms or short,
            sources=[(source.title, source.dated) for source in sources],
            checked=article.checked_on.isoformat(),
            note="" if article.status == "approved" else "Ikke godkjent av en fagperson ennå",
        )

    def _countries(self, text: str) -> Iterator[dict[str, Any]]:
        countries = self.library.knowledge.countries
        codes = dict.fromkeys(mention.code for mention in find_countries(text))
        return (self._country(countries[code]) for code in list(codes)[:_COUNTRIES] if code in countries)

    def _country(self, country: Country) -> dict[str, Any]:
        lines, sources = [], []
        for mission, says in ((country.mission, "Norsk ambassade"), (country.mission_closed, "Stengt ambassade")):
            if mission is not None:
                contact = self.library.directory.get(mission.contact or "")
                phone = f", {contact.phone}" if contact is not None and contact.phone else ""
                lines.append(f"{says}: {mission.city}{phone}. {mission.note or ''}".strip())
                sources.append((self._title(mission.source), str(mission.date)))
        if country.mission is None and country.mission_closed is None:
            lines.append("Kildene sier ikke om Norge har en ambassade her.")
        if country.envoy:
            does = "hjelper i saker her" if country.envoy_role == "operativ" else "gir råd til ambassaden"
            lines.append(f"Spesialutsendingen i {country.envoy.capitalize()} {does}.")
        text = "\n".join((country.name, *lines))
        return _result(COUNTRY, country.code, country.name, lines=lines, text=text, sms=text, sources=sources)

    def _law(self, law: Law) -> dict[str, Any]:
        title = f"{self._title(law.source)} {law.paragraph}: {law.title}"
        lines = [law.plain, *([f"Straff: {law.penalty}"] if law.penalty else [])]
        text = "\n".join((title, *lines))
        sources = [(self._title(law.source), f"ordlyd per {law.wording}")]
        return _result(LAW, law.id, title, lines=lines, text=text, sms=text, sources=sources)

    def _table(self, table: Table, text: str) -> dict[str, Any]:
        rows = [["–" if cell is None else str(cell) for cell in row] for row in table.rows]
        asked = set(_words([text]))
        # The rows that were asked for; all of a table that was asked for as a whole.
        chosen = [row for row in rows if asked & set(_words([row[0]]))] or rows
        lines = [
            f"{row[0]}: {', '.join(map(' '.join, zip(table.columns[1:], row[1:], strict=False)))}" for row in chosen
        ]
        source = (self._title(table.source), str(table.year or "–".join(map(str, table.years[:1] + table.years[-1:]))))
        words = "\n".join((f"{table.title} ({table.unit})", *lines))
        return {
            **_result(TABLE, table.id, table.title, lines=[table.note], text=words, sms=words, sources=[source]),
            "columns": list(table.columns),
            "rows": rows,
        }

    def _title(self, source: str) -> str:
        known = self.library.knowledge.sources.get(source)
        return known.title if known is not None else source


class LookUps:
    """The look-up over the knowledge base in use, kept warm: built at the start, and anew when editors change it."""

    def __init__(self, library: Callable[[], Library]) -> None:
        self._library = library
        self._kept: LookUp | None = None
        self._lock = asyncio.Lock()

    async def current(self) -> LookUp:
        """The one to ask; somebody who comes while it is being built waits for it."""
        library = self._library()
        if self._kept is None or self._kept.library is not library:
            async with self._lock:
                if self._kept is None or self._kept.library is not library:
                    self._kept = await asyncio.to_thread(LookUp, library)
        return self._kept


def _contact(match: Match) -> dict[str, Any]:
    contact = match.contact
    ways = [match.phone, f"SMS {contact.sms}" if contact.sms else None, contact.email, contact.chat]
    ways += [contact.url] if contact.url != contact.chat else []
    reached = " · ".join(filter(None, ways))
    hours = match.hours if match.hours not in match.why else ""
    # To the person only what they need to get through; why it fits is for the one who looks.
    told = "\n".join(filter(None, (f"{contact.spoken_name}: {reached}", match.hours)))
    brief = [match.phone or contact.sms or contact.chat or contact.email or contact.url, match.hours]
    sms = f"{contact.spoken_name}: {'. '.join(filter(None, brief))}"
    return {
        **_result(
            CONTACT,
            contact.id,
            contact.spoken_name,
            lines=[line for line in (reached, hours, "; ".join(match.why)) if line],
            more=[line for line in (contact.does, contact.whom) if line],
            text=told,
            sms=sms,
            sources=[(reference.ref, reference.date) for reference in contact.sources],
            checked=contact.verified_on.isoformat(),
        ),
        "phone": match.phone,
        "open_now": match.open_now,
    }


def _result(
    kind: str,
    identifier: str,
    title: str,
    *,
    lines: Sequence[str],
    text: str,
    sms: str,
    sources: Sequence[tuple[str, str]],
    more: Sequence[str] = (),
    checked: str | None = None,
    note: str = "",
) -> dict[str, Any]:
    message = gsm7.plain(_bare(sms))
    return {
        "kind": kind,
        "id": identifier,
        "title": title,
        "lines": [_bare(line) for line in lines],
        "more": [_bare(line) for line in more],
        "text": _bare(text),
        "sms": {"text": message, "parts": gsm7.parts(message), "foreign": gsm7.foreign_characters(message)},
        "sources": [{"title": name, "date": dated} for name, dated in dict.fromkeys(sources)],
        "checked": checked,
        "note": note,
    }


def _paragraphs(text: str) -> list[str]:
    return [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]


def _bare(text: str) -> str:
    """Without the signs of Markdown."""
    return text.translate(_PLAIN_WORDS).strip()


def _words(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        for word in fold(text).replace("-", " ").split():
            bare = word.strip(".,:;!?()«»\"'")
            if len(bare) >= _SHORTEST_START:
                yield bare
