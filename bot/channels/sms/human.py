"""While a human has the case: what they write goes out by SMS, and the number is forgotten when the case is closed."""

from __future__ import annotations

import logging
import re

from bot.channels.sms.service import MOST_PARTS, Sms
from bot.errors import PersonUnreachable
from bot.handoff.case import Case, Line, State
from bot.language import gsm7
from bot.storage.sms_people import SmsPeople

logger = logging.getLogger("hjemvei.sms")
CHANNEL = "sms"
_OURS = ("human", "program")
# Fits three parts in any alphabet.
_LONGEST_WORD = 99


class HumanBySms:
    """A watcher of cases: carries what is written to those who write by SMS."""

    def __init__(self, sms: Sms, people: SmsPeople) -> None:
        self._sms = sms
        self._people = people

    async def wrote(self, case: Case, line: Line) -> None:
        """Put the line out. The same line twice goes out once."""
        if case.channel != CHANNEL or line.by not in _OURS or case.conversation is None:
            return
        person = await self._people.whose(case.conversation)
        if person is None:
            logger.warning("a line of a case had nobody to go to")
            return
        closing = case.state is State.CLOSED
        try:
            for place, text in enumerate(pieces(line.text)):
                await self._sms.send_to(person, text, f"{line.id}.{place}", closing=closing)
        except PersonUnreachable:
            logger.warning("a line of a case had no number to go to")

    async def moved(self, case: Case, before: State | None) -> None:
        """Nothing: the number is forgotten by the next tidying, when the closing line has been put out."""


def pieces(text: str) -> list[str]:
    """What a human wrote as messages of at most three parts, cut between words; quotes and dashes as GSM-7 has them."""
    made: list[str] = []
    for word in re.split(r"(?<=\s)", gsm7.plain(text).strip()):
        if made and gsm7.parts((made[-1] + word).rstrip()) <= MOST_PARTS:
            made[-1] += word
        else:
            made += [word[start : start + _LONGEST_WORD] for start in range(0, len(word), _LONGEST_WORD)]
    return [message.strip() for message in made if message.strip()]
