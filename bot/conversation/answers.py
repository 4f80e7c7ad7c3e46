"""Put an answer together from what editors wrote: which parts of an article, in which order, for whom."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property

from bot.conversation.draft import HUMAN, HUMAN_TITLE, MORE, Draft, Situation, choice_of, choose_between, listed
from bot.conversation.fitting import fitting
from bot.conversation.phrases import ALARMING, read_phrases
from bot.conversation.sms_words import begins_with, over, read_sms
from bot.conversation.talk import Talk, read_talk
from bot.directory import Directory
from bot.directory.hours import OSLO, in_office_hours
from bot.directory.lookup import Lookup
from bot.directory.need import Need
from bot.knowledge import Article, Knowledge, Law
from bot.knowledge.model import Section
from bot.knowledge.render import fill, placeholders
from bot.language.citations import Provision, paragraph_key, provisions
from bot.language.urgency_words import highest

# Answers that depend on the country, and so say what Norway has there.
_ABOUT_A_COUNTRY = {
    "utland.ambassade",
    "utland.barn_etterlatt",
    "utland.bekymret_for_noen",
    "utland.er_i_utlandet",
    "utland.institusjon",
    "utland.pass_tatt",
    "utland.spesialutsending",
}
# What is told when the same topic comes up a second time, and a third.
_TOLD_LATER = ((Section.CARE, Section.CHOICE), (Section.CONTACT, Section.MORE))
# By SMS the steps are not told at first.
_TOLD_LATER_BY_SMS = ((Section.STEPS,), (Section.CARE,), (Section.CHOICE,), (Section.CONTACT,))
# The heading and three steps: more is not read while it happens.
_STEPS_IN_DANGER = 4
# How many articles are offered with a provision that was looked up.
_CITING = 3
# How many contacts a person is shown; editors put the best first.
_CONTACTS = 3
_ALL = 1_000
# An age for those of whom no more is known than that they are of age.
_ADULT = 20
_NEAR = 4
_HAPPENS_ABROAD = {"utland.er_i_utlandet", "utland.pass_tatt"}


class Answers:
    """Answers from one knowledge base and one directory."""

    def __init__(
        self,
        knowledge: Knowledge,
        directory: Directory,
        lookup: Lookup,
        *,
        approved_only: bool = False,
        clock: Callable[[], datetime] = lambda: datetime.now(OSLO),
    ) -> None:
        """``clock``: the moment that opening hours are told for, with its zone."""
        self._knowledge = knowledge
        self._directory = directory
        self._details = directory.details()
        self.lookup = lookup
        self._approved_only = approved_only
        self._clock = clock
        self.phrases = read_phrases(knowledge.root / "phrases.yml", self._details)
        self.talk = read_talk(knowledge.root / "talk.yml", self._details)
        self.guides = knowledge.guides
        self.sms = read_sms(knowledge.root / "sms.yml", self._details, knowledge.languages)
        self.brief = False  # the words are those for SMS

    @cached_property
    def _by_sms(self) -> Answers:
        other = copy.copy(self)
        other.brief = True
        other.talk = Talk(over(self.talk.content, self.sms.talk), self._details)
        other.phrases = read_phrases(self._knowledge.root / "phrases.yml", self._details, self.sms.phrases)
        return other

    def on(self, channel: str) -> Answers:
        """The same answers in the words of a channel."""
        return self._by_sms if channel == "sms" else self

    def article(self, topic: str, language: str = "nb") -> Article | None:
        """The article for a topic, if there is one that may be shown."""
        article = self._knowledge.article(topic, language)
        if article is not None and self._approved_only and article.status != "approved":
            return None
        return article

    def answer(self, situation: Situation) -> Draft | None:
        """The answer, or None where no article may be shown for the topic."""
        article = self.article(situation.topic, situation.language)
        if article is None:
            return None
        draft = Draft(
            texts=[],
            topic=article.topic,
            urgency=self._urgency(situation.urgency, situation, article),
            kept=self._urgency(situation.kept, situation, article),
            language=article.language,
            sources=list(self._knowledge.behind(article)),
        )
        if situation.section is not None:
            draft.texts.append(self._titled(article, situation.section))
        else:
            self._open(draft, situation)
            if situation.channel == "sms" and article.topic not in situation.told:
                self._tell_by_sms(draft, article, situation)
            elif situation.others and not situation.professional:
                draft.texts += [self._text(article, Section.SHORT), self.phrases.guess]
            elif article.topic in situation.told and not situation.professional:
                self._tell_more(draft, article, situation.told.count(article.topic))
            else:
                self._tell(draft, article, situation)
                draft.texts += [self.phrases.guess] if situation.others else []
        self._offer(draft, article, situation)
        draft.contacts += [name for name in self.named_in(article, draft.texts) if name not in draft.contacts]
        return draft

    def provisions(self, text: str) -> Draft | None:
        """The provisions that ``text`` names, in plain words; None when it names none that is known."""
        named = set(provisions(text))
        laws = [
            law for law in self._knowledge.laws.values() if Provision(law.source, paragraph_key(law.paragraph)) in named
        ]
        if not laws:
            return None
        told = [self._law(law) for law in laws]
        citing = [article for article in self._knowledge.answers() if set(article.laws) & {law.id for law in laws}]
        return Draft(
            texts=["\n\n".join(told)],
            topic=None,
            sources=list(dict.fromkeys(law.source for law in laws)),
            choices=choose_between([article for article in citing if self.article(article.topic)][:_CITING]),
        )

    def _law(self, law: Law) -> str:
        title = self._knowledge.sources[law.source].title
        penalty = f" Straff: {law.penalty}." if law.penalty else ""
        return (
            f"{title} {law.paragraph}: {law.title}\n{law.plain}{penalty} "
            f"{self.phrases.law.format(abroad=law.applies_abroad, wording=law.wording)}"
        )

    def beside(self, language: str, *, sms: bool, reasons: Sequence[str] = ()) -> tuple[str, list[str]] | None:
        """What stands with an answer in Norwegian for who writes in ``language``, and the contacts it names; None for
        a language that has no such text."""
        known = self._knowledge.languages.by_code.get(language)
        text = known.beside_answer(sms=sms, suicide="suicide" in reasons) if known else ""
        if not text:
            return None
        return fill(text, self._details), list(dict.fromkeys(contact for contact, _ in placeholders(text)))

    def part(self, topic: str, section: Section, *, titled: bool = True) -> str:
        """A part of an article as it is shown, empty where there is none."""
        article = self.article(topic)
        if article is None or not article.text(section):
            return ""
        return self._titled(article, section) if titled else self._text(article, section)

    def steps(self, topic: str, situation: Situation) -> str:
        """The article's steps that are for the person, with the heading; empty where there are none."""
        article = self.article(topic)
        lines = fitting(article.text(Section.STEPS).splitlines(), situation) if article else []
        return fill("\n".join([f"{Section.STEPS.value}:", *lines]), self._details) if lines else ""

    def filled(self, text: str) -> str:
        """``text`` with the contacts' details in it."""
        return fill(text, self._details)

    def behind(self, topic: str) -> list[str]:
        """The sources that the topic's article rests on."""
        article = self.article(topic)
        return list(self._knowledge.behind(article)) if article else []

    def titles_behind(self, topic: str) -> list[str]:
        """The sources that the topic's article rests on, each with its publisher and date."""
        sources = [self._knowledge.sources[name] for name in self.behind(topic) if name in self._knowledge.sources]
        return [source.spoken for source in sources]

    def country_name(self, code: str) -> str:
        """A country's name, empty for a code that is not known."""
        country = self._knowledge.countries.get(code)
        return country.name if country else ""

    def of_countries(self, codes: Sequence[str]) -> Draft:
        """What Norway has in some countries, as a draft without a topic."""
        draft = Draft(texts=[], topic=None)
        self._tell_of_countries(draft, codes)
        return draft

    def opening(self, situation: Situation) -> tuple[list[str], list[str]]:
        """What stands first when it is urgent, as one text, and the contacts that it names."""
        lines, contacts = self.phrases.opening(
            situation.urgency, situation.reasons, situation.abroad, other=situation.of_another
        )
        return ([" ".join(lines)] if lines else []), contacts

    def near(
        self, place: str | None, wanted: Sequence[str], age: str | None, years: int | None = None
    ) -> tuple[str, list[str]]:
        """Who helps with some needs at a place, as a list with a heading and notes, and the contacts in it. ``age``:
        ``minor`` or ``adult``; ``years``: what is known more exactly."""
        now = self._clock()
        need = replace(
            self.lookup.read(place or "", now),
            wanted=tuple(wanted),
            minor=age == "minor",
            age=years or (_ADULT if age == "adult" else None),
            open_now=not in_office_hours(now),
        )
        found = self.lookup.find(need, limit=_NEAR)
        ids = [match.contact.id for match in found.matches]
        lines = self.lines_of(ids)
        return "\n".join([listed(self.phrases.contacts, lines), *found.notes]), ids

    def names_of(self, contacts: Iterable[str]) -> list[str]:
        """How the contacts are called, those that are no longer shown left out."""
        return [contact.spoken_name for contact in map(self._directory.get, contacts) if contact is not None]

    def lines_of(
        self, contacts: Iterable[str], *, abroad: bool = False, country: str | None = None, writing: bool = False
    ) -> list[str]:
        """One line for each contact that can be reached: name, how, and whether it is open now or when it opens.

        ``abroad``: only what works from another country, and nothing where that is not known. ``country``: where the
        person is, if that is known, so that the hour is told on their clock too. ``writing``: they cannot call, so
        what is written stands first.
        """
        lines = []
        now = self._clock()
        for contact in map(self._directory.get, contacts):
            if contact is None:
                continue
            ways: Sequence[str | None] = (contact.phone, contact.sms, contact.chat, contact.email, contact.url)
            if abroad:
                calls = contact.phone if (contact.phone or "").startswith("+") else None
                ways = (contact.phone_abroad, calls, contact.email, contact.chat)
            if writing:
                # Short numbers for SMS work in Norway only.
                ways = (contact.chat, contact.email, None if abroad else contact.sms, *ways)
            way = next((way for way in ways if way), None)
            if way is not None:
                hours = self.lookup.told(contact, now, country=country if abroad else None).hours
                lines.append(f"{contact.spoken_name}: {way}{f' ({hours})' if hours else ''}")
        return lines

    @staticmethod
    def _urgency(level: str, situation: Situation, article: Article) -> str:
        # A professional who looks a topic up is not in the danger that the topic is about.
        return level if situation.professional else highest(level, article.urgency_floor)

    def _open(self, draft: Draft, situation: Situation) -> None:
        abroad = situation.abroad or situation.topic in _HAPPENS_ABROAD
        lines, contacts = self.phrases.opening(draft.urgency, situation.reasons, abroad, other=situation.of_another)
        if lines:
            draft.texts.append(" ".join(lines))
            draft.contacts += contacts

    def named_in(self, article: Article, texts: Sequence[str]) -> list[str]:
        """The article's contacts whose number or address stands in ``texts``."""
        spoken = "\n".join(texts)
        ways = {
            name: [value for field, value in self._details.get(name, {}).items() if field not in ("name", "hours")]
            for name in article.contacts
        }
        return [name for name, values in ways.items() if any(value in spoken for value in values)]

    def _tell_more(self, draft: Draft, article: Article, times: int) -> None:
        """The parts that were not told before: nobody is helped by the same words again."""
        later = _TOLD_LATER_BY_SMS if self.brief else _TOLD_LATER
        told = [self._titled(article, part) for part in later[min(times, len(later)) - 1] if article.text(part)]
        if times > len(later) or not told:
            ways = self.talk.get("told_all")
            told = [self.filled(ways[times % len(ways)])]
        draft.texts += told

    def _tell_by_sms(self, draft: Draft, article: Article, situation: Situation) -> None:
        text = self._text(article, Section.SMS)
        draft.texts = [text] if draft.texts and begins_with(text, draft.texts[0]) else [*draft.texts, text]
        draft.texts += [self.phrases.guess] if situation.others and draft.urgency != "acute" else []

    def _tell(self, draft: Draft, article: Article, situation: Situation) -> None:
        staff = self._text(article, Section.STAFF)
        if situation.professional and staff:
            draft.texts.append(f"{article.title}\n\n{staff}")
        else:
            draft.texts.append(self._text(article, Section.SHORT))
            if article.text(Section.STEPS):
                limit = _STEPS_IN_DANGER if draft.urgency == "acute" else None
                steps = self.steps(article.topic, situation).splitlines()
                draft.texts.append("\n".join(steps[:limit]))
        if article.topic in _ABOUT_A_COUNTRY:
            self._tell_of_countries(draft, situation.countries)
        if draft.urgency == "acute" and not situation.professional:
            # In the middle of danger nobody reads a list; the numbers stand in the first line and in the steps.
            return
        country = situation.countries[0] if len(set(situation.countries)) == 1 else None
        named = article.contacts if situation.professional else self._best_of(article, situation, country)
        lines = self.lines_of(named, abroad=situation.far, country=country)
        if lines:
            draft.texts.append(self._headed(lines, situation))

    def _headed(self, lines: Iterable[str], situation: Situation) -> str:
        heading = self.phrases.contacts_staff if situation.professional else self.phrases.contacts
        return listed(heading, lines)

    def _best_of(self, article: Article, situation: Situation, country: str | None) -> list[str]:
        """The few of an article's contacts that fit best here and now: in the editors' order, except that in the
        evening, at night and on days off those who answer come first."""
        now = self._clock()
        need = Need(
            at=now,
            first=article.contacts,
            country=country,
            abroad=situation.far,
            open_now=not in_office_hours(now),
            minor=situation.age == "minor",
            age=situation.years or (_ADULT if situation.age == "adult" else None),
        )
        found = self.lookup.find(need, limit=_ALL)
        ids = [match.contact.id for match in found.matches if match.contact.id in article.contacts]
        return ids[:_CONTACTS]

    def best_lines(self, situation: Situation) -> tuple[str, list[str]]:
        """The contacts of the topic that fit what is known of the person, with a heading, and their ids."""
        article = self.article(situation.topic)
        if article is None:
            return "", []
        country = situation.countries[-1] if situation.countries else None
        ids = self._best_of(article, situation, country)
        lines = self.lines_of(ids, abroad=situation.far, country=country)
        return (self._headed(lines, situation) if lines else ""), ids

    def _tell_of_countries(self, draft: Draft, codes: Sequence[str]) -> None:
        """What Norway has in the countries that were named, as far as is known."""
        words = self.phrases.country
        for code in dict.fromkeys(codes):
            country = self._knowledge.countries.get(code)
            if country is None:
                continue
            known = country.mission or country.mission_closed
            told = []
            if country.mission is not None and not country.mission.elsewhere:
                told.append(words["mission"].format(city=country.mission.city))
            if known is not None and known.note:
                told.append(words["noted"].format(note=known.note))
            if country.mission is None:
                told.append(words["unknown"])
            if country.envoy and country.envoy_role:
                told.append(words[country.envoy_role].format(envoy=country.envoy.capitalize()))
            draft.texts.append(f"{words['heading'].format(country=country.name)}: {' '.join(told)}")
            contact = country.mission.contact if country.mission else None
            reached = self.lines_of([contact], abroad=True, country=code) if contact else []
            if contact and reached:
                draft.texts[-1] += f"\n- {reached[0]}"
                draft.contacts.append(contact)
            sources = [mission.source for mission in (country.mission, country.mission_closed) if mission is not None]
            draft.sources += [source for source in sources if source not in draft.sources]

    def _offer(self, draft: Draft, article: Article, situation: Situation) -> None:
        if draft.urgency in ALARMING:
            draft.handoff = "offered"
            draft.choices.append(choice_of(HUMAN_TITLE, HUMAN))
        if not situation.professional:
            shown = "\n".join(draft.texts)
            for title, section in MORE.items():
                if article.text(section) and section is not situation.section and section.value not in shown:
                    draft.choices.append(choice_of(title, article.topic, section))
        for topic in situation.others or article.related[:2]:
            related = self.article(topic, situation.language)
            if related is not None:
                draft.choices.append(choice_of(related.title, topic))

    def _text(self, article: Article, section: Section) -> str:
        return fill(article.text(section), self._details)

    def _titled(self, article: Article, section: Section) -> str:
        return f"{section.value}:\n{self._text(article, section)}"
