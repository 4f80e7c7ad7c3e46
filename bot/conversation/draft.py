"""An answer before it has a conversation: what it depends on, what it holds, and the quick replies under it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.knowledge import Article
from bot.knowledge.model import Section

HUMAN = "bot.menneske"
HUMAN_TITLE = "Snakk med et menneske"
# What a quick reply under an answer is called, and the section of the same article that it opens.
MORE = {
    "Hva skjer hvis jeg tar kontakt?": Section.CONTACT,
    "Hva bestemmer jeg selv?": Section.CHOICE,
    "Hva bør jeg passe på?": Section.CARE,
    "Mer om dette": Section.MORE,
}


@dataclass(frozen=True)
class Situation:
    """What an answer depends on."""

    topic: str
    urgency: str = "none"
    kept: str = "none"
    """The urgency that the conversation keeps, which a single message may exceed."""
    reasons: Sequence[str] = ()
    countries: Sequence[str] = ()
    professional: bool = False
    channel: str = "web"
    language: str = "nb"
    section: Section | None = None
    """Set when a part of an answer already given is asked for."""
    told: Sequence[str] = ()
    """The topics that were answered before in this conversation, in order."""
    others: Sequence[str] = ()
    """The next candidates, when ``topic`` is little more than a guess; empty when it is not."""
    at_home: bool = False
    """The person has said that they are in Norway."""
    age: str | None = None
    """``minor`` or ``adult``, of the person it is about, where that is known."""
    years: int | None = None
    """The age of that person, where it is known."""
    away: bool = False
    """The person whom it is about has been said to be in another country."""
    other: bool = False
    """It is about another than the writer."""

    @property
    def of_another(self) -> bool:
        """Who writes is not the one whom it happens to."""
        return self.other or self.professional

    @property
    def far(self) -> bool:
        """Who writes is held in another country, so only what works from there helps. Who writes about another is
        taken to be in Norway."""
        if self.other or self.professional or self.at_home:
            return False
        return self.away or "held_abroad" in self.reasons

    @property
    def abroad(self) -> bool:
        """The person is, or may be, in another country."""
        return not self.at_home and (bool(self.countries) or "held_abroad" in self.reasons)


@dataclass
class Draft:
    """An answer before it has a conversation. ``choices`` says what each button stands for."""

    texts: list[str]
    topic: str | None
    urgency: str = "none"
    kept: str = "none"
    contacts: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    choices: list[dict[str, str]] = field(default_factory=list)
    handoff: str = "none"
    language: str = "nb"
    erase: bool = False
    case: dict[str, Any] | None = None
    """What becomes of the case: ``do`` (offer, hand_over, decline, leave_queue, leave_message) and what it needs."""
    keep: dict[str, str] | None = None
    """A text to take along: its neutral file ``name`` and ``text``."""

    def metadata(self) -> dict[str, Any]:
        """What travels beside the texts from an action to the channel."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "texts"}


def listed(heading: str, lines: Iterable[str]) -> str:
    """A heading and a line with a dash for each of ``lines``."""
    return "\n".join([f"{heading.rstrip('.:')}:", *(f"- {line}" for line in lines)])


def choose_between(articles: Sequence[Article], *, more_of: Article | None = None) -> list[dict[str, str]]:
    """A quick reply for each part of ``more_of`` and for each article, and one for a human."""
    parts = [(title, section) for title, section in MORE.items() if more_of and more_of.text(section)]
    more = [choice_of(title, more_of.topic, section) for title, section in parts] if more_of else []
    return [*more, *(choice_of(article.title, article.topic) for article in articles), choice_of(HUMAN_TITLE, HUMAN)]


def choice_of(title: str, topic: str, section: Section | None = None) -> dict[str, str]:
    return {"title": title, "topic": topic, "section": section.name if section else ""}
