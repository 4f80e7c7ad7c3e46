"""Where a conversation and its case meet: silence while a human has it, the queue, and what a reply says of both."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.conversation.answers import Answers
from bot.conversation.handing import of_place
from bot.errors import IllegalMove
from bot.handoff.case import Carried, Case, Closing, State, Wish
from bot.handoff.cases import DECLINED, ENDED, Cases
from bot.language.cleaning import fold

# While a human has the conversation only what asks for nothing else is taken as meant for the program.
_ENDS = re.compile(
    r"^\W*(slutt|avslutt|stopp)( (samtalen|chatten|her|nå|med (mennesket|den|deg|dere)|å snakke med deg))?\W*$"
)
_ERASES = re.compile(
    r"^\W*(slett|slette|sletta|fjern|visk ut|erase|delete)"
    r"( (alt|alt sammen|alt her|samtalen|hele samtalen|chatten|everything))?\W*$"
)
_STATES = {
    State.WAITING: "waiting",
    State.OFFERED: "offered",
    State.MISSED: "missed",
    State.CALLBACK: "callback",
}


@dataclass(frozen=True)
class Standing:
    """How it is with a human before a message is answered."""

    case: Case | None
    known: Mapping[str, Any]
    """As actions are given it: ``state``, ``duty``, ``messages``, ``opens``, and ``place`` where they wait."""

    @property
    def active(self) -> bool:
        return self.case is not None and self.case.state is State.ACTIVE


def ends(text: str) -> bool:
    """The person wants no more of the human."""
    return bool(_ENDS.search(fold(text)))


def erases(text: str) -> bool:
    """The person wants the conversation gone, and says nothing else."""
    return bool(_ERASES.search(fold(text)))


class Takeover:
    """The cases, as the conversation uses them."""

    def __init__(self, cases: Cases, answers: Callable[[], Answers]) -> None:
        self._cases = cases
        self._answers = answers
        self.fresh_s = 2.0
        """For how many seconds it is taken as known whether somebody is on duty."""
        self._duty: tuple[float, Mapping[str, Any]] = (float("-inf"), {})

    async def standing(self, conversation: str) -> Standing:
        """The newest case, an open one first, and whether a human can be had."""
        case = await self._cases.newest(conversation)
        state = _STATES.get(case.state, "none") if case is not None else "none"
        place = {"place": await self._cases.place(case)} if case is not None and state == "waiting" else {}
        return Standing(case, {"state": state, **place, **await self._reachable()})

    async def _reachable(self) -> Mapping[str, Any]:
        """Asked for once in a while, not for every message."""
        asked_at, known = self._duty
        if time.monotonic() - asked_at >= self.fresh_s:
            duty = await self._cases.team_on_duty() is not None
            opens = None if duty else self._cases.opens()
            known = {"duty": duty, "messages": await self._cases.takes_messages(), "opens": opens and opens.isoformat()}
            self._duty = (time.monotonic(), known)
        return known

    def always(self, standing: Standing) -> list[dict[str, str]]:
        """The quick replies that are heard whenever they are written, not only when they were offered last."""
        waits = standing.case is not None and standing.case.state is State.WAITING
        return [self._answers().talk.entry("handoff.leave_queue")] if waits else []

    async def end(self, case: Case) -> str:
        """The person ends the part with the human; what the program says to it."""
        # Where the human was faster it has ended all the same.
        with contextlib.suppress(IllegalMove):
            await self._cases.close(case.id, by="user", closing=Closing(outcome=ENDED), why=ENDED)
        await self._cases.tell(case, "closed")
        return self._answers().talk.text("handoff.ended")

    async def carry_out(self, wanted: Mapping[str, Any], standing: Standing, conversation: str, channel: str) -> None:
        """Do to the case what an action has said."""
        do, case = wanted["do"], standing.case
        if do in ("decline", "leave_queue"):
            if case is not None and case.state in (State.OFFERED, State.WAITING):
                with contextlib.suppress(IllegalMove):
                    await self._cases.close(case.id, by="user", closing=Closing(outcome=DECLINED), why=DECLINED)
            return
        offered = await self._cases.offer(conversation, channel, Carried.of(wanted["carried"]))
        if do == "hand_over":
            await self._cases.hand_over(offered.id, shared=wanted["shared"])
        elif do == "leave_message":
            await self._leave(offered, Wish(**wanted["wish"]))

    async def _leave(self, case: Case, wish: Wish) -> None:
        try:
            await self._cases.leave_message(case.id, wish)
        except IllegalMove:
            # A human has taken it at this very moment, and reads it there.
            told = "\n".join(filter(None, (wish.what, wish.how, wish.when, wish.code_word)))
            await self._cases.write(case.id, by="user", text=told)

    async def word(self, before: Case | None, conversation: str, urgency: str) -> tuple[str, list[str], list[str]]:
        """After a reply was made: its ``handoff`` (empty: as the action said), and what goes first and last in it.

        ``before``: the case as it was before the message. Raises the case's urgency to the conversation's.
        """
        case = await self._cases.newest(conversation)
        if case is None:
            return "", [], []
        if case.state is State.WAITING:
            return await self._waiting(case, urgency)
        over = case.state is State.MISSED or (case.state is State.CLOSED and case.taken_at is not None)
        if not over or case.told == case.state.value or before is None:
            return "", [], []
        await self._cases.tell(case, case.state.value)
        handoff = "closed" if case.state is State.CLOSED else ""
        return handoff, [self._answers().talk.text(f"handoff.again.{case.state.value}")], []

    async def _waiting(self, case: Case, urgency: str) -> tuple[str, list[str], list[str]]:
        case = await self._cases.raised(case.id, urgency)
        place = await self._cases.place(case)
        told = f"waiting {place}"
        if place == 0 or case.told == told:
            return "waiting", [], []
        await self._cases.tell(case, told)
        return "waiting", [], [of_place(place, self._answers())]
