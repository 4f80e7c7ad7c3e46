"""When it is not clear what the person means: two or three choices in plain words, and a human."""

from __future__ import annotations

from rasa_sdk import Action, Tracker

from actions.speech import others
from actions.turn import Turn
from bot.bootstrap import library
from bot.conversation.draft import Draft, choose_between, listed
from bot.conversation.handing import by_rule
from bot.conversation.hearing import Hearing
from bot.conversation.memory import OF_ANOTHER, Memory
from bot.conversation.phrases import ALARMING
from bot.conversation.social import Outcome
from bot.conversation.voice import welcome

_CHOICES = 3
# How often in a row it asks before it names those who understand better.
_TRIES = 2
_FEW_WORDS = 5


class ActionAskBack(Turn, Action):
    """Asks which of the likeliest topics it is."""

    def name(self) -> str:
        return "action_ask_back"

    def reply(self, hearing: Hearing, tracker: Tracker) -> Outcome:
        return ask_back(hearing, tracker)


def ask_back(hearing: Hearing, tracker: Tracker) -> Outcome:
    """Offer what it is likeliest about: more of the last answer, the likeliest topics, or the ways in."""
    asked, memory = hearing.asked, hearing.memory
    answers = library().answers.on(asked.channel)
    looked_up = answers.provisions(hearing.heard.text)
    # Where there is danger the numbers come first, and a paragraph can wait.
    if looked_up is not None and asked.urgency not in ALARMING:
        looked_up.urgency = asked.urgency
        return Outcome(looked_up, memory)
    memory = memory.saying(unsure=int(memory.spoken.get("unsure", 0)) + 1)
    if memory.spoken["unsure"] > 1 and not asked.professional:
        return _still_unsure(hearing, memory)
    phrases = answers.phrases
    last = answers.article(asked.told[-1]) if asked.told and not asked.professional else None
    few = hearing.heard.words < _FEW_WORDS
    topics = phrases.doors if few else others(tracker, None)
    if asked.other and not asked.professional:
        topics = list(dict.fromkeys(OF_ANOTHER.get(topic, topic) for topic in topics))
    articles = [article for article in map(answers.article, topics) if article][:_CHOICES]
    opening, contacts = answers.opening(asked)
    if few and not opening and not asked.told:
        opening, contacts = [phrases.reminder()], ["politi_nod", "alarmtelefonen"]
    # Taken in turn, so that the same sentence does not come twice in a row.
    number = int(memory.spoken.get("ask_back", 0))
    draft = Draft(
        texts=[*opening, phrases.ask_back[number % len(phrases.ask_back)]],
        topic=None,
        urgency=asked.urgency,
        kept=asked.kept,
        contacts=contacts,
        choices=choose_between([] if few and last else articles, more_of=last),
        handoff="offered" if asked.urgency in ALARMING else "none",
    )
    memory = memory.saying(ask_back=number + 1)
    if not asked.professional and asked.channel != "sms" and asked.urgency not in ALARMING:
        memory = welcome(draft, hearing, answers.talk, memory)
    return Outcome(draft, memory)


def _still_unsure(hearing: Hearing, memory: Memory) -> Outcome:
    """Not understood again: first how to ask, then a human."""
    asked = hearing.asked
    answers = library().answers.on(asked.channel)
    opening, contacts = answers.opening(asked)
    human = memory.spoken["unsure"] > _TRIES
    text, memory = answers.talk.pick("unsure.human" if human else "unsure.how", memory)
    choices = choose_between([]) if human else answers.talk.choices("doors")
    alarming = asked.urgency in ALARMING
    draft = Draft(opening, None, asked.urgency, asked.kept, contacts, choices=choices)
    draft.handoff = "offered" if human or alarming else "none"
    if human:
        ids = answers.phrases.human.around_the_clock
        text = listed(text, answers.lines_of(ids, abroad=memory.facts.get("abroad") == "yes"))
        draft.contacts = list(dict.fromkeys([*contacts, *ids]))
        draft.sources = ["kontaktlisten"]
    draft.texts = [*opening, text]
    outcome = Outcome(draft, memory)
    return by_rule("not_understood", outcome, hearing, answers) if human else outcome
