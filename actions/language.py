"""The person writes in another language, or asks which there are."""

from __future__ import annotations

from rasa_sdk import Action, Tracker

from actions.turn import Turn
from bot.bootstrap import library
from bot.conversation.draft import Draft
from bot.conversation.hearing import Hearing
from bot.conversation.phrases import ALARMING
from bot.conversation.social import Outcome
from bot.language.detect import ENGLISH, NORWEGIAN


class ActionLanguage(Turn, Action):
    """The numbers and where an interpreter can be had, in the person's own language; in Norwegian what there is."""

    def name(self) -> str:
        return "action_language"

    def reply(self, hearing: Hearing, tracker: Tracker) -> Outcome:
        asked = hearing.asked
        answers, languages = library().answers.on(asked.channel), library().knowledge.languages
        sms, details = asked.channel == "sms", library().directory.details()
        text = hearing.heard.text
        named = languages.named(text)
        own = named if asked.language in NORWEGIAN else languages.answer_in(asked.language)
        lines, contacts = answers.phrases.opening(asked.urgency, asked.reasons, asked.abroad)
        opening = [" ".join(lines)] if lines else []
        foreign = [own.spoken(details, sms=sms)] if own else []
        if asked.language in (*NORWEGIAN, ENGLISH):
            texts, language = [*opening, *foreign, languages.which()], "nb"
        else:
            # Who writes so can hardly read Norwegian, and the text begins with the number itself.
            texts, language = [*foreign, *opening], own.code if own else "nb"
            if answers.brief and own and "suicide" not in asked.reasons:
                texts = foreign
        draft = Draft(
            texts=texts,
            topic=asked.topic,
            urgency=asked.urgency,
            kept=asked.kept,
            contacts=list(dict.fromkeys([*contacts, *(own.contacts() if own else ())])),
            sources=list(languages.sources) if own else [],
            handoff="offered" if asked.urgency in ALARMING else "none",
            language=language,
        )
        return Outcome(draft, hearing.memory)
