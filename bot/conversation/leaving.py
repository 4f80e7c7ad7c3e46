"""A message for whoever is on duty next: what, how and when it is safe to answer, one question at a time."""

from __future__ import annotations

from dataclasses import replace

from bot.conversation.answers import Answers
from bot.conversation.draft import Draft
from bot.conversation.hearing import HUMAN_GUIDE, Hearing
from bot.conversation.social import Outcome
from bot.handoff.case import Carried, plain
from bot.language.moves import yes_or_no

STEPS = ("leave", "what", "how", "where", "when", "code", "send")
_CHOICES = {"how": "hows", "when": "whens", "code": "codes", "send": "sends"}
_HERE, _NONE = "here", "none"
# A message has at most 2000 characters; an address or a word is short.
_LONGEST = {"how": 200, "where": 120, "when": 200, "code": 60}


def leave(draft: Draft, fact: str, value: str, hearing: Hearing, answers: Answers, passed: Carried) -> Outcome:
    """The next question of the message, what it is in all, or the message left.

    ``fact`` and ``value``: what a quick reply said; ``draft`` begins with the numbers where there is danger.
    """
    memory, talk = hearing.memory, answers.talk
    step = fact or str(memory.guide.get("asked"))
    wish = dict(memory.guide.get("wish", {}))
    if hearing.move == "leave_guide" or (step == "send" and _refused(value, hearing)):
        draft.texts.append(talk.text("handoff.message.cancelled"))
        return Outcome(draft, replace(memory, guide={}))
    if step == "send":
        return _send(draft, value, wish, hearing, answers, passed)
    if step != "leave":
        wish[step] = _said(step, value, hearing, answers)
    return _ask(draft, _next(step, wish), wish, hearing, answers)


def _said(step: str, value: str, hearing: Hearing, answers: Answers) -> str:
    """The answer in words: the title of the quick reply, or what was written."""
    if value == _NONE or (step == "code" and yes_or_no(hearing.heard.text) in ("no", "unknown")):
        return ""
    if value:
        entries = answers.talk.get(f"handoff.message.{_CHOICES[step]}")
        return next(str(e["title"]) for e in entries if e["guide"].endswith(f"{step}={value}"))
    return hearing.heard.text[: _LONGEST.get(step)]


def _next(step: str, wish: dict[str, str]) -> str:
    following = STEPS[STEPS.index(step) + 1]
    # Who wants to be answered here has no number to give.
    return "when" if following == "where" and wish.get("how", "").startswith("Bare her") else following


def _ask(draft: Draft, step: str, wish: dict[str, str], hearing: Hearing, answers: Answers) -> Outcome:
    talk = answers.talk
    if step == "send":
        draft.texts += ["\n".join([talk.text("handoff.message.confirm"), *_lines(wish, answers)])]
        draft.texts.append(talk.text("handoff.message.ask"))
    else:
        draft.texts.append(talk.text(f"handoff.message.{step}"))
    if step in _CHOICES:
        draft.choices = talk.choices(f"handoff.message.{_CHOICES[step]}")
    return Outcome(draft, replace(hearing.memory, guide={"name": HUMAN_GUIDE, "asked": step, "wish": wish}))


def _lines(wish: dict[str, str], answers: Answers) -> list[str]:
    words = answers.talk.get("handoff.message.lines")
    shown = {
        "what": wish.get("what", ""),
        "how": _how(wish),
        "when": wish.get("when", ""),
        "code": wish.get("code", ""),
    }
    # What a person wrote is put in as it is: it may hold braces.
    return [f"- {words[name].replace('{given}', given)}" for name, given in shown.items() if given]


def _how(wish: dict[str, str]) -> str:
    return ": ".join(filter(None, (wish.get("how"), wish.get("where"))))


def _refused(value: str, hearing: Hearing) -> bool:
    return value == "no" or (not value and yes_or_no(hearing.heard.text) == "no")


def _send(
    draft: Draft, value: str, wish: dict[str, str], hearing: Hearing, answers: Answers, passed: Carried
) -> Outcome:
    if value != "yes" and yes_or_no(hearing.heard.text) != "yes":
        return _ask(draft, "send", wish, hearing, answers)
    draft.texts.append(answers.talk.text("handoff.message.done"))
    draft.handoff = "none"
    draft.case = {
        "do": "leave_message",
        "carried": plain(passed),
        "wish": {
            "what": wish.get("what", ""),
            "how": _how(wish),
            "when": wish.get("when", ""),
            "code_word": wish.get("code", ""),
        },
    }
    return Outcome(draft, replace(hearing.memory, guide={}))
