"""Does every answer stand on its own as an SMS? As the channel would send it, not only as an editor wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from bot.channels.sms.texts import MAX_PARTS, Sms, messages, plain
from bot.conversation.answers import Answers
from bot.conversation.draft import Situation
from bot.conversation.phrases import ALARMING
from bot.conversation.talk import strings
from bot.language import gsm7
from bot.language.discretion import first_line, telling
from bot.language.urgency_words import REASONS

# So much of a message is seen on a locked screen, more or less.
_SEEN = 60
_NUMBER = re.compile(r"\+?\d(?: ?\d){2,}")
_ADDRESS = re.compile(r"https?://|www\.|\b[\w-]+\.(?:no|com|org|net)/")
_IN_A_BROWSER = re.compile(
    r"forlat siden|nettleser|skjermen|\bchat\w*|trykk|klikk|velge? (?:noe )?her|knappen|denne siden", re.IGNORECASE
)
# What is never said by SMS: words for the page, and lines that are only put around an answer there.
_ONLY_ON_THE_WEB = ("welcome", "safe", "safe_answers", "start.safe_yes", "start.safe_no", "back", "guide.kept", "still")


def findings(answers: Answers, topics: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Where it stands, and what is wrong: an answer that takes more than one message of three parts, leaves GSM-7, has
    a first line that tells what it is about, a long link, or no emergency number first when it is urgent."""
    brief = answers.on("sms")
    for topic in topics:
        for what in _wrong_with_topic(brief, topic):
            yield f"SMS, {topic}", what
    for guide in answers.guides.values():
        for number, question in enumerate(guide.questions):
            for asked in question.ask:
                titles = [*(choice.title for choice in question.choices), brief.talk.text("guide.unknown")]
                texts = [*([brief.filled(guide.sms)] if number == 0 else []), asked]
                for what in _wrong(messages(texts, titles, brief.sms.words, brief.sms.addresses, asks=True)):
                    yield f"SMS, {guide.id}: {question.fact}", what
    for name, text in _said(brief.talk.content):
        for what in _wrong_words(brief, text):
            yield f"SMS, talk.yml: {name}", what
    for name, text in _said(_phrases(brief)):
        for what in _wrong_words(brief, text):
            yield f"SMS, phrases.yml: {name}", what
    for name, text in vars(answers.sms.words).items():
        if gsm7.parts(plain(text)) > 1:
            yield f"SMS, sms.yml: words.{name}", f"tar {gsm7.parts(plain(text))} deler, høyst 1"
    for text in answers.sms.foreign:
        if gsm7.parts(plain(text, answers.sms.addresses)) > MAX_PARTS:
            yield "SMS, languages.yml", f"tar {gsm7.parts(plain(text))} deler, høyst {MAX_PARTS}: {text[:20]}…"


def situations(topic: str) -> Iterator[Situation]:
    """Those in which a topic is answered: calm, and with every reason for alarm, in Norway and abroad."""
    yield Situation(topic, channel="sms")
    for urgency in ALARMING:
        for reason in ((), *((reason,) for reason in REASONS)):
            for countries in ((), ("PK",)):
                yield Situation(topic, urgency, urgency, reason, countries, channel="sms")


def _wrong_with_topic(brief: Answers, topic: str) -> Iterator[str]:
    told: set[str] = set()
    for situation in situations(topic):
        draft = brief.answer(situation)
        if draft is None:
            return
        made = messages(draft.texts, [], brief.sms.words, brief.sms.addresses)
        for what in _wrong(made, urgent=draft.urgency in ALARMING):
            where = "" if situation.urgency == "none" else f"{situation.urgency} {'+'.join(situation.reasons)}: "
            if what not in told:
                told.add(what)
                yield f"{where}{what}"


def _wrong(made: Sequence[Sms], *, urgent: bool = False) -> Iterator[str]:
    if len(made) != 1:
        yield f"svaret går ikke i én melding på {MAX_PARTS} deler"
    for sms in made:
        first = first_line(sms.text)
        foreign = gsm7.foreign_characters(sms.text)
        if foreign:
            yield f"tegn utenfor GSM-7: {foreign}"
        if telling(first):
            yield f"første linje røper noe: {', '.join(telling(first))}"
        if _ADDRESS.search(sms.text):
            yield "har en lang nettadresse"
        if urgent and not _NUMBER.search(first[:_SEEN]):
            yield f"haster, men begynner ikke med noe nummer: {first[:_SEEN]}"


def _wrong_words(brief: Answers, text: str) -> Iterator[str]:
    made = messages([brief.filled(text)], [], brief.sms.words, brief.sms.addresses)
    yield from _wrong(made)
    if found := _IN_A_BROWSER.search(text):
        yield f"viser til nettsiden: «{found.group()}»"


def _phrases(brief: Answers) -> Mapping[str, Any]:
    """What stands in phrases.yml, as plain dictionaries."""
    return {name: getattr(value, "__dict__", value) for name, value in vars(brief.phrases).items() if name != "details"}


def _said(content: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text that may be said, with where it stands."""
    if name in _ONLY_ON_THE_WEB or name.startswith("recognise"):
        return
    if isinstance(content, Mapping):
        for key, value in content.items():
            yield from _said(value, f"{name}.{key}".lstrip("."))
    else:
        for text in strings(content):
            if " " in text:
                yield name, text
