"""Is knowledge/ in order? Every finding has a file, a line and a plain sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.knowledge.canned import findings as canned_findings
from bot.knowledge.guides import findings_of as guide_findings
from bot.knowledge.languages import findings as language_findings
from bot.knowledge.model import AUDIENCES, STATUSES, URGENCIES, Article, Section, Service
from bot.knowledge.render import ContactFields, fill, unfilled
from bot.knowledge.search import Search
from bot.knowledge.store import Knowledge
from bot.language import gsm7
from bot.language.readability import readability

SHORT_LIMIT = 450
SMS_PARTS = 2
LIX_YOUNG = 35
LIX_STAFF = 50

_FOR_THE_YOUNG = (Section.SHORT, Section.STEPS, Section.CONTACT, Section.CHOICE, Section.CARE, Section.MORE)
_NUMBER = re.compile(r"(?<![\w.,/§-])\+?\d(?:[ \u00a0]?\d){4,}(?![\w-])")
_HOST = re.compile(r"\b(?:[a-z0-9-]+\.)+(?:no|com|org|net)\b", re.IGNORECASE)
_EMAIL = re.compile(r"\b[\w.+-]+@[\w.-]+\w")


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong. ``level`` is ``error`` (stops the start) or ``warning``."""

    level: str
    path: Path
    line: int
    text: str

    def __str__(self) -> str:
        word = "feil" if self.level == "error" else "merknad"
        return f"{self.path}:{self.line}: {word}: {self.text}"


def check(knowledge: Knowledge, contacts: ContactFields, today: date) -> list[Finding]:
    """Every finding, errors first, then by file and line."""
    checker = _Checker(knowledge, contacts, today)
    return sorted(checker.findings(), key=lambda f: (f.level, str(f.path), f.line))


def unreachable(knowledge: Knowledge, search: Search) -> Iterator[Finding]:
    """Articles that nobody would find: a search for their own questions gives them among the first three never."""
    for article in knowledge.answers():
        if not any(article.topic in [hit.id for hit in search.find(question, 3)] for question in article.questions):
            yield Finding(
                "error", article.path, article.line("questions"), "ingen av spørsmålene finner artikkelen i søket"
            )


class _Checker:
    def __init__(self, knowledge: Knowledge, contacts: ContactFields, today: date) -> None:
        self.knowledge = knowledge
        self.contacts = contacts
        self.today = today
        details = [value for fields in contacts.values() for value in fields.values()]
        self.numbers = {_digits(number) for value in details for number in _NUMBER.findall(value)}
        self.hosts = {host.lower().removeprefix("www.") for value in details for host in _HOST.findall(value)}
        self.emails = {address.lower() for value in details for address in _EMAIL.findall(value)}

    def findings(self) -> Iterator[Finding]:
        for article in self.knowledge.articles.values():
            yield from self.front_matter(article)
            yield from self.sections(article)
            yield from self.texts(article)
        yield from self.coverage()
        yield from self.tables()
        yield from self.languages()
        yield from self.guides()
        for text in canned_findings(self.knowledge.root, self.contacts):
            yield Finding("error", self.knowledge.root / "canned.yml", 1, text)

    def guides(self) -> Iterator[Finding]:
        """Guided help: what findings_of finds, and numbers that no contact has."""
        for path, text in guide_findings(self.knowledge, self.contacts):
            yield Finding("error", path, 1, text)
        for guide in self.knowledge.guides.values():
            for text in guide.texts():
                for number in _NUMBER.findall(text):
                    if _digits(number) not in self.numbers:
                        yield Finding("error", guide.path, 1, f"nummeret {number} står ikke i kontaktlisten")

    def languages(self) -> Iterator[Finding]:
        """The texts in other languages: every number and hour from the directory, and short enough for an SMS."""
        path = self.knowledge.root / "languages.yml"
        for text in language_findings(self.knowledge.languages, self.contacts):
            yield Finding("error", path, 1, text)
        for source in self.knowledge.languages.sources:
            if source not in self.knowledge.sources:
                yield Finding("error", path, 1, f"kilden «{source}» finnes ikke i sources.yml")

    def tables(self) -> Iterator[Finding]:
        """The other files: every id they name exists, and every placeholder can be filled."""
        knowledge = self.knowledge
        named: list[tuple[str, str, str]] = [("laws.yml", law.id, law.source) for law in knowledge.laws.values()]
        named += [("statistics.yml", table.id, table.source) for table in knowledge.statistics.values()]
        named += [
            ("countries.yml", country.code, mission.source)
            for country in knowledge.countries.values()
            for mission in (country.mission, country.mission_closed)
            if mission is not None
        ]
        for service in knowledge.services.values():
            named += [("services.yml", service.id, citation["id"]) for citation in service.sources]
        for file, entry, source in named:
            if source not in knowledge.sources:
                yield Finding("error", knowledge.root / file, 1, f"{entry}: kilden «{source}» finnes ikke")
        for country in knowledge.countries.values():
            contact = country.mission.contact if country.mission else None
            if contact and contact not in self.contacts:
                yield Finding(
                    "error", knowledge.root / "countries.yml", 1, f"{country.code}: kontakten «{contact}» vises ikke"
                )
        for service in knowledge.services.values():
            yield from self.service(service)

    def service(self, service: Service) -> Iterator[Finding]:
        path = self.knowledge.root / "services.yml"
        for contact in service.contacts:
            if contact not in self.contacts:
                yield Finding("error", path, 1, f"{service.id}: kontakten «{contact}» vises ikke")
        for law in service.laws:
            if law not in self.knowledge.laws:
                yield Finding("error", path, 1, f"{service.id}: bestemmelsen «{law}» finnes ikke")
        for text in (service.mandate, service.for_whom, service.how, service.cannot):
            if missing := unfilled(text, self.contacts):
                yield Finding("error", path, 1, f"{service.id}: kontakten har ikke {', '.join(missing)}")

    def coverage(self) -> Iterator[Finding]:
        answered = {article.topic for article in self.knowledge.answers()}
        for topic in self.knowledge.topics.values():
            if topic.group != "bot" and topic.id not in answered:
                yield Finding("warning", self.knowledge.root / "topics.yml", 1, f"{topic.id} har ingen artikkel")

    def front_matter(self, article: Article) -> Iterator[Finding]:
        def error(key: str, text: str) -> Finding:
            return Finding("error", article.path, article.line(key), text)

        topic = self.knowledge.topics.get(article.topic)
        if topic is None:
            yield error("topic", f"emnet «{article.topic}» finnes ikke i topics.yml")
        expected = (
            f"{article.topic.replace('.', '/', 1)}{'' if article.language == 'nb' else '.' + article.language}.md"
        )
        if not article.path.as_posix().endswith(expected):
            yield error("topic", f"fila skal hete {expected}")
        if article.language != "nb":
            if (article.topic, "nb") not in self.knowledge.articles:
                yield error("language", "en variant trenger en artikkel på bokmål")
            return
        if not article.audience or not set(article.audience) <= set(AUDIENCES):
            yield error("for", "«for» må være en eller flere av u, v, f")
        if article.urgency_floor not in URGENCIES:
            yield error("urgency_floor", f"«urgency_floor» må være en av {', '.join(URGENCIES)}")
        if article.status not in STATUSES:
            yield error("status", f"«status» må være en av {', '.join(STATUSES)}")
        if (article.status == "approved") != (set(article.approved) == {"by", "on"}):
            yield error("status", "«approved» krever hvem (by) og når (on), og bare da")
        if not article.sources and not article.laws:
            yield error("sources", "artikkelen har ingen kilde")
        for citation in article.sources:
            if citation.source not in self.knowledge.sources:
                yield error("sources", f"kilden «{citation.source}» finnes ikke i sources.yml")
        cited = [self.knowledge.sources.get(citation.source) for citation in article.sources]
        if cited and not article.laws and all(source is None or source.older_than_law for source in cited):
            yield error("sources", "bare kilder som er eldre enn loven; legg til en bestemmelse eller en nyere kilde")
        for law in article.laws:
            if law not in self.knowledge.laws:
                yield error("laws", f"bestemmelsen «{law}» finnes ikke i laws.yml")
        for contact in article.contacts:
            if contact not in self.contacts:
                yield error("contacts", f"kontakten «{contact}» finnes ikke, eller vises ikke")
        for other in article.related:
            if other not in self.knowledge.topics:
                yield error("related", f"emnet «{other}» finnes ikke")
        if len(article.questions) < 3:
            yield error("questions", "skriv minst tre måter å spørre på")
        if not article.checked_on < article.check_by:
            yield error("check_by", "«check_by» må være etter «checked_on»")
        if article.check_by < self.today:
            yield Finding(
                "warning", article.path, article.line("check_by"), "artikkelen skulle vært kontrollert på nytt"
            )

    def sections(self, article: Article) -> Iterator[Finding]:
        needed = [Section.SHORT, Section.SMS]
        if set(article.audience) & {"u", "v"}:
            needed += [Section.STEPS, Section.CONTACT]
        if "u" in article.audience:
            needed.append(Section.CHOICE)
        if article.language == "nb":
            needed.append(Section.STAFF)
        for section in needed:
            if not article.text(section):
                yield Finding("error", article.path, 1, f"«## {section.value}» mangler")
        if len(article.text(Section.SHORT)) > SHORT_LIMIT:
            yield Finding(
                "error",
                article.path,
                article.line(Section.SHORT.value),
                f"«Kort» har {len(article.text(Section.SHORT))} tegn, høyst {SHORT_LIMIT}",
            )

    def texts(self, article: Article) -> Iterator[Finding]:
        for section, raw in article.sections.items():
            line = article.line(section.value)
            if missing := unfilled(raw, self.contacts):
                yield Finding("error", article.path, line, f"kontakten har ikke {', '.join(missing)}")
                continue
            text = fill(raw, self.contacts)
            yield from self.details(article, line, text)
            if section is Section.SMS:
                yield from self.sms(article, line, text)
        yield from self.readability(article)

    def details(self, article: Article, line: int, text: str) -> Iterator[Finding]:
        for number in _NUMBER.findall(text):
            if _digits(number) not in self.numbers:
                yield Finding("error", article.path, line, f"nummeret {number} står ikke i kontaktlisten")
        for address in _EMAIL.findall(text):
            if address.lower() not in self.emails:
                yield Finding("error", article.path, line, f"e-posten {address} står ikke i kontaktlisten")
        for host in _HOST.findall(_EMAIL.sub("", text)):
            if host.lower().removeprefix("www.") not in self.hosts:
                yield Finding("error", article.path, line, f"nettadressen {host} står ikke i kontaktlisten")

    def sms(self, article: Article, line: int, text: str) -> Iterator[Finding]:
        plain = gsm7.plain(text)
        foreign = gsm7.foreign_characters(plain)
        if foreign:
            yield Finding("error", article.path, line, f"SMS-en har tegn utenfor GSM-7: {foreign}")
        elif gsm7.parts(plain) > SMS_PARTS:
            yield Finding("error", article.path, line, f"SMS-en tar {gsm7.parts(plain)} deler, høyst {SMS_PARTS}")

    def readability(self, article: Article) -> Iterator[Finding]:
        young = "\n".join(article.text(section) for section in _FOR_THE_YOUNG)
        texts = [("staff", "For fagfolk", article.text(Section.STAFF), LIX_STAFF)]
        if set(article.audience) & {"u", "v"}:
            texts.append(("young", "svaret til unge", young, LIX_YOUNG))
        for part, name, text, limit in texts:
            result = readability(text)
            if result.lix > limit and (article.topic, part) not in self.knowledge.harder:
                longest = ", ".join(result.long_words[:6])
                yield Finding(
                    "error",
                    article.path,
                    1,
                    f"{name} har LIX {result.lix:.0f}, høyst {limit}; lengste ord: {longest}",
                )


def _digits(number: str) -> str:
    return re.sub(r"\D", "", number)
