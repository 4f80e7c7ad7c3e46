"""Cases as the console sees them. Until they take a case, a worker sees how urgent it is and what was passed on."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web

from bot.bootstrap import House
from bot.errors import IllegalMove
from bot.gateway.desk import worker
from bot.gateway.keys import HOUSE
from bot.gateway.views.desk_words import LANGUAGES, MOVES, REASONS, ROLES
from bot.handoff.case import Case, Line, State
from bot.language.identifiers import hidden
from bot.staff import Worker
from bot.staff.model import TAKES_CASES
from bot.statistics.scheme import AGES

WAITING = (State.WAITING, State.MISSED, State.CALLBACK)
"""What somebody may take."""


async def taker(request: web.Request, *, active: bool = True) -> Worker:
    """Somebody who takes cases. Raises Refused."""
    return await worker(request, *TAKES_CASES, active=active)


async def held(request: web.Request) -> tuple[Worker, Case]:
    """The worker, and the case in the path, which they have. Raises Refused, CaseUnknown, IllegalMove."""
    who = await taker(request)
    case = await request.app[HOUSE].cases.get(request.match_info["case"])
    if case.state is not State.ACTIVE or case.taken_by != who.id:
        raise IllegalMove("another has the case, or nobody")
    return who, case


def may_see(who: Worker, case: Case) -> bool:
    """It is theirs, or of a team that they answer for."""
    return case.taken_by == who.id or who.serves(case.team) or who.may("leader")


def short_name(case: Case) -> str:
    """What a case is called among people: its id is long, and says no more."""
    return f"Sak {hashlib.sha256(case.id.encode()).hexdigest()[:4].upper()}"


def summary(case: Case, who: Worker, names: Mapping[str, str], team: str) -> dict[str, Any]:
    """A case in the queue. Times are ISO 8601 in UTC."""
    since = case.waiting_since or case.opened_at
    carried = case.carried
    return {
        "id": case.id,
        "name": short_name(case),
        "state": case.state.value,
        "urgency": case.urgency,
        "channel": case.channel,
        "team": team,
        "since": since.isoformat(),
        "mine": case.taken_by == who.id and case.state is State.ACTIVE,
        "taken_by": names.get(case.taken_by or "", "") if case.taken_by else "",
        "escalations": case.escalations,
        "message": case.left_message,
        "language": carried.language if carried else "nb",
        "reasons": [REASONS[reason] for reason in carried.reasons if reason in REASONS] if carried else [],
    }


def carried_words(case: Case, request: web.Request) -> list[list[str]]:
    """What the person agreed to pass on: a name and a value each."""
    carried, answers = case.carried, request.app[HOUSE].library.answers
    if carried is None:
        return []
    article = answers.article(carried.topic) if carried.topic else None
    words = [
        ("Grunner", ", ".join(REASONS[reason] for reason in carried.reasons if reason in REASONS)),
        ("Alder", AGES.get(carried.age or "", "")),
        ("Land", (answers.country_name(carried.country) or carried.country) if carried.country else ""),
        ("Rolle", ROLES.get(carried.role or "", "")),
        ("Tema", article.title if article else ""),
        ("Har fått vist", ", ".join(answers.names_of(carried.offered))),
        ("Språk", LANGUAGES.get(carried.language, carried.language)),
    ]
    return [[name, value] for name, value in words if value]


def shown_lines(lines: Sequence[Line], *, masked: bool) -> list[dict[str, Any]]:
    """Lines as the console has them; with ``masked`` what the person wrote has no numbers and addresses.

    ``key`` names a line, the same each time it is asked for.
    """
    shown, before = [], 0
    for line in lines:
        before += line.number == 0
        text = hidden(line.text) if masked and line.by == "user" else line.text
        shown.append(
            {
                "key": line.id if line.number else f"before-{before}",
                "number": line.number,
                "case": line.case,
                "at": line.at.isoformat(),
                "by": line.by,
                "name": line.name,
                "text": text,
                "language": line.language,
                "masked": text != line.text,
            }
        )
    return shown


async def names(house: House) -> dict[str, str]:
    """What each account is called, by id."""
    return {account.id: account.shown for account in await house.staff.all()}


async def detail(request: web.Request, who: Worker, case: Case) -> dict[str, Any]:
    """All that this worker may see of a case."""
    house = request.app[HOUSE]
    cases, called, directory = house.cases, await names(house), house.library.directory
    found = summary(case, who, called, cases.duty.team(case.team).name)
    found["carried"] = carried_words(case, request)
    found["shared"] = case.shared
    found["moves"] = [
        {
            "at": move.at.isoformat(),
            "by": {"user": "Personen", "program": "Programmet"}.get(move.by) or called.get(move.by, "–"),
            "what": MOVES.get(move.why, move.why),
        }
        for move in await cases.log(case.id)
    ]
    if not found["mine"]:
        return found
    referred = [(name, directory.get(name)) for name in await cases.referrals(case.id)]
    return {
        **found,
        "lines": shown_lines(await cases.conversation_so_far(case.id), masked=True),
        "notes": [
            {"at": note.at.isoformat(), "by": called.get(note.worker, "–"), "text": note.text}
            for note in await cases.notes(case.id)
        ],
        "referrals": [contact.spoken_name if contact else name for name, contact in referred],
    }
