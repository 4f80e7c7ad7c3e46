"""Guided help as data: knowledge/guides/*.yml, read and held to its form. The engine is bot.conversation.guides."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.errors import KnowledgeError
from bot.knowledge.model import Section
from bot.knowledge.reading import read_yaml
from bot.knowledge.render import ContactFields, fill, unfilled
from bot.language import gsm7

if TYPE_CHECKING:
    from bot.knowledge.store import Knowledge

KNOWN, UNKNOWN = "known", "unknown"
"""What a condition may name beside a value: the fact is known whatever it is, or it is not."""
_SMS_PARTS = 2
_NAME = re.compile(r"^[a-z0-9_-]+\.txt$")
_TELLING = re.compile(r"hjem|tvang|vold|flukt|hjelp|plan")

When = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Choice:
    """A quick reply. ``value`` is what the fact becomes; ``words``, a pattern, is what means it in free text."""

    title: str
    value: str
    words: str = ""


@dataclass(frozen=True)
class Question:
    """One thing that changes the help. ``ask``: the question, and how it is put the second time."""

    fact: str
    ask: tuple[str, ...]
    choices: tuple[Choice, ...] = ()
    when: When | None = None


@dataclass(frozen=True)
class Part:
    """A piece of the result: words of the guide's own, a part of an article, or who is near for some needs."""

    text: str = ""
    article: str = ""
    section: Section | None = None
    near: tuple[str, ...] = ()
    """Ids of needs.yml, the clearest first."""
    when: When | None = None


@dataclass(frozen=True)
class Keep:
    """What the person may take along: a neutral file name, and plain text."""

    name: str
    text: str


@dataclass(frozen=True)
class Guide:
    """Questions, one at a time, that end in something to keep."""

    id: str
    topic: str
    title: str
    """The quick reply that begins it."""
    called: str
    """In the middle of a sentence: «Vil du gå videre med …?»"""
    first: str
    questions: tuple[Question, ...]
    result: tuple[Part, ...]
    sms: str
    starts: str = ""
    """A regular expression: what asks for the guide in free text."""
    offered_with: tuple[str, ...] = ()
    assumes: Mapping[str, str] = field(default_factory=dict)
    """Facts that beginning the guide tells, where they are not known: who plans a journey is still in Norway."""
    keep: Keep | None = None
    path: Path = Path()

    def texts(self) -> Iterator[str]:
        """Everything that a reader may see."""
        yield self.first
        for question in self.questions:
            yield from question.ask
        yield from (part.text for part in self.result)
        yield self.sms
        if self.keep:
            yield self.keep.text


def read_guides(folder: Path, findings: list[str]) -> dict[str, Guide]:
    """Every guide of the folder by id; what cannot be read is added to ``findings``."""
    guides = {}
    for path in sorted(folder.glob("*.yml")):
        try:
            guide = _guide(read_yaml(path), path)
        except KnowledgeError as error:
            findings += error.findings
        except (KeyError, TypeError, ValueError, re.error) as error:
            findings.append(f"{path}:1: noe mangler eller er ukjent: {error}")
        else:
            guides[guide.id] = guide
    return guides


def _guide(content: Mapping[str, Any], path: Path) -> Guide:
    if content["id"] != path.stem:
        raise ValueError(f"fila skal hete {content['id']}.yml")
    re.compile(content.get("starts", ""))
    return Guide(
        **{
            **content,
            "questions": tuple(_question(entry) for entry in content["questions"]),
            "result": tuple(_part(entry) for entry in content["result"]),
            "offered_with": tuple(content.get("offered_with", ())),
            "keep": Keep(**content["keep"]) if content.get("keep") else None,
            "path": path,
        }
    )


def _question(entry: Mapping[str, Any]) -> Question:
    choices = tuple(Choice(**choice) for choice in entry.get("choices", ()))
    for choice in choices:
        re.compile(choice.words)
    return Question(entry["fact"], tuple(entry["ask"]), choices, _when(entry))


def _part(entry: Mapping[str, Any]) -> Part:
    section = Section[entry["section"]] if "section" in entry else None
    near = tuple(entry.get("near", ()))
    return Part(entry.get("text", ""), entry.get("article", ""), section, near, _when(entry))


def _when(entry: Mapping[str, Any]) -> When | None:
    given = entry.get("when")
    return {k: tuple(v) if isinstance(v, list) else (str(v),) for k, v in given.items()} if given else None


def findings_of(knowledge: Knowledge, contacts: ContactFields) -> Iterator[tuple[Path, str]]:
    """What is wrong with the guides: a topic or an article that is not there, a contact that cannot be shown, a
    question put only one way, an SMS that is too long, a file name that tells."""
    for guide in knowledge.guides.values():
        for text in _wrong(guide, knowledge, contacts):
            yield guide.path, text


def _wrong(guide: Guide, knowledge: Knowledge, contacts: ContactFields) -> Iterator[str]:
    for topic in (guide.topic, *guide.offered_with):
        if topic not in knowledge.topics:
            yield f"emnet «{topic}» finnes ikke i topics.yml"
    missing = [detail for text in guide.texts() for detail in unfilled(text, contacts)]
    if missing:
        yield f"kontakten har ikke {', '.join(missing)}"
        return
    for part in guide.result:
        article = knowledge.article(part.article) if part.article else None
        if sum(map(bool, (part.article, part.text, part.near))) != 1:
            yield "hver del av resultatet har én av «text», «article» og «near»"
        elif part.article and (article is None or part.section is None or not article.text(part.section)):
            yield f"artikkelen «{part.article}» har ikke den delen"
    for question in guide.questions:
        if len(question.ask) < 2:
            yield f"spørsmålet om «{question.fact}» må kunne stilles på to måter"
    plain = gsm7.plain(fill(guide.sms, contacts))
    if gsm7.foreign_characters(plain) or gsm7.parts(plain) > _SMS_PARTS:
        yield f"SMS-en tar {gsm7.parts(plain)} deler, høyst {_SMS_PARTS}"
    if guide.keep and (not _NAME.match(guide.keep.name) or _TELLING.search(guide.keep.name)):
        yield f"filnavnet «{guide.keep.name}» må være nøytralt og slutte på .txt"
