"""Put an answer together from what editors wrote: which parts of an article, in which order, for whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.conversation.phrases import ALARMING, read_phrases
from bot.directory import Directory
from bot.knowledge import Article, Knowledge
from bot.knowledge.model import Section
from bot.knowledge.render import fill
from bot.language.urgency_words import highest

HUMAN = "bot.menneske"
_HUMAN_TITLE = "Snakk med et menneske"
# What a quick reply under an answer is called, and the section of the same article that it opens.
_MORE = {
    "Hva skjer hvis jeg tar kontakt?": Section.CONTACT,
    "Hva bestemmer jeg selv?": Section.CHOICE,
    "Hva bør jeg passe på?": Section.CARE,
    "Mer om dette": Section.MORE,
}
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
_HAPPENS_ABROAD = {"utland.er_i_utlandet", "utland.pass_tatt"}


@dataclass(frozen=True)
class Situation:
    """What an answer depends on."""

    topic: str
    urgency: str = "none"
    reasons: Sequence[str] = ()
    countries: Sequence[str] = ()
    professional: bool = False
    channel: str = "web"
    language: str = "nb"
    section: Section | None = None
    """Set when a part of an answer already given is asked for."""

    @property
    def abroad(self) -> bool:
        """The person is, or may be, in another country."""
        return bool(self.countries) or "held_abroad" in self.reasons


@dataclass
class Draft:
    """An answer before it has a conversation. ``choices`` says what each button stands for."""

    texts: list[str]
    topic: str | None
    urgency: str = "none"
    contacts: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    choices: list[dict[str, str]] = field(default_factory=list)
    handoff: str = "none"
    language: str = "nb"
    erase: bool = False

    def metadata(self) -> dict[str, Any]:
        """What travels beside the texts from an action to the channel."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "texts"}


class Answers:
    """Answers from one knowledge base and one directory."""

    def __init__(self, knowledge: Knowledge, directory: Directory, *, approved_only: bool = False) -> None:
        self._knowledge = knowledge
        self._directory = directory
        self._details = directory.details()
        self._approved_only = approved_only
        self.phrases = read_phrases(knowledge.root / "phrases.yml", self._details)

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
            urgency=self._urgency(situation, article),
            language=article.language,
            sources=list(self._knowledge.behind(article)),
        )
        if situation.section is not None:
            draft.texts.append(self._titled(article, situation.section))
        elif situation.channel == "sms":
            self._open(draft, situation)
            draft.texts.append(self._text(article, Section.SMS))
        else:
            self._open(draft, situation)
            self._tell(draft, article, situation)
        self._offer(draft, article, situation)
        return draft

    def lines_of(self, contacts: Iterable[str]) -> list[str]:
        """One line for each contact: name, how to reach it, when."""
        lines = []
        for identifier in contacts:
            contact = self._directory.get(identifier)
            if contact is None:
                continue
            ways = [way for way in (contact.phone, contact.sms and f"SMS {contact.sms}") if way]
            if contact.phone_abroad:
                ways.append(f"fra utlandet {contact.phone_abroad}")
            if not ways:
                ways = [way for way in (contact.chat, contact.email, contact.url) if way][:1]
            hours = f" ({contact.hours.rstrip('.')})" if contact.hours else ""
            lines.append(f"{contact.spoken_name}: {', '.join(ways)}{hours}" if ways else contact.spoken_name)
        return lines

    def _urgency(self, situation: Situation, article: Article) -> str:
        # A professional who looks a topic up is not in the danger that the topic is about.
        return situation.urgency if situation.professional else highest(situation.urgency, article.urgency_floor)

    def _open(self, draft: Draft, situation: Situation) -> None:
        abroad = situation.abroad or situation.topic in _HAPPENS_ABROAD
        lines, contacts = self.phrases.opening(draft.urgency, situation.reasons, abroad)
        if lines:
            draft.texts.append(" ".join(lines))
            draft.contacts += contacts

    def _tell(self, draft: Draft, article: Article, situation: Situation) -> None:
        staff = self._text(article, Section.STAFF)
        if situation.professional and staff:
            draft.texts.append(f"{article.title}\n\n{staff}")
        else:
            draft.texts.append(self._text(article, Section.SHORT))
            if article.text(Section.STEPS):
                draft.texts.append(self._titled(article, Section.STEPS))
            if draft.urgency in ALARMING and article.text(Section.CARE):
                draft.texts.append(self._titled(article, Section.CARE))
        if article.topic in _ABOUT_A_COUNTRY:
            self._tell_of_countries(draft, situation.countries)
        lines = self.lines_of(article.contacts)
        if lines:
            draft.texts.append(listed(self.phrases.contacts, lines))
            draft.contacts += [name for name in article.contacts if name not in draft.contacts]

    def _tell_of_countries(self, draft: Draft, codes: Sequence[str]) -> None:
        """What Norway has in the countries that were named, as far as is known."""
        words = self.phrases.country
        for code in dict.fromkeys(codes):
            country = self._knowledge.countries.get(code)
            if country is None:
                continue
            told = []
            if country.mission is not None:
                told.append(words["mission"].format(city=country.mission.city))
            elif country.mission_closed is not None:
                told.append(words["closed"].format(note=country.mission_closed.note))
            else:
                told.append(words["unknown"])
            if country.envoy and country.envoy_role:
                told.append(words[country.envoy_role].format(envoy=country.envoy.capitalize()))
            draft.texts.append(f"{words['heading'].format(country=country.name)}: {' '.join(told)}")
            contact = country.mission.contact if country.mission else None
            if contact:
                draft.texts[-1] += "\n" + "\n".join(f"- {line}" for line in self.lines_of([contact]))
                draft.contacts.append(contact)
            sources = [mission.source for mission in (country.mission, country.mission_closed) if mission is not None]
            draft.sources += [source for source in sources if source not in draft.sources]

    def _offer(self, draft: Draft, article: Article, situation: Situation) -> None:
        if draft.urgency in ALARMING:
            draft.handoff = "offered"
            draft.choices.append(_choice(_HUMAN_TITLE, HUMAN))
        if not situation.professional:
            shown = "\n".join(draft.texts)
            for title, section in _MORE.items():
                if article.text(section) and section is not situation.section and section.value not in shown:
                    draft.choices.append(_choice(title, article.topic, section))
        for topic in article.related[:2]:
            related = self.article(topic, situation.language)
            if related is not None:
                draft.choices.append(_choice(related.title, topic))

    def _text(self, article: Article, section: Section) -> str:
        return fill(article.text(section), self._details)

    def _titled(self, article: Article, section: Section) -> str:
        return f"{section.value}:\n{self._text(article, section)}"


def listed(heading: str, lines: Iterable[str]) -> str:
    """A heading and a line with a dash for each of ``lines``."""
    return "\n".join([f"{heading.rstrip('.:')}:", *(f"- {line}" for line in lines)])


def choose_between(articles: Sequence[Article]) -> list[dict[str, str]]:
    """A quick reply for each article, and one for a human."""
    return [_choice(article.title, article.topic) for article in articles] + [_choice(_HUMAN_TITLE, HUMAN)]


def _choice(title: str, topic: str, section: Section | None = None) -> dict[str, str]:
    return {"title": title, "topic": topic, "section": section.name if section else ""}
