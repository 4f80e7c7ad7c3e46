"""What time does to cases. Safe to run in every process at once: each change is made by whoever comes first."""

from __future__ import annotations

import contextlib
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.errors import CaseUnknown, IllegalMove
from bot.handoff.case import OPEN, Case, Closing, State, plain
from bot.handoff.duty import Team
from bot.handoff.moving import PROGRAM, in_order

if TYPE_CHECKING:
    from bot.handoff.cases import Cases

EXPIRED, UNREAD = "expired", "never read"
# Whoever is on duty may be out of sight for a moment, as when a process starts anew.
_NOBODY = timedelta(seconds=60)

_Duty = dict[str, "Team | None"]
"""Who answers for each team, asked once a round."""


async def tend(cases: Cases, now: datetime) -> None:
    """One round."""
    duty: _Duty = {}
    for case in await cases.queue(states=OPEN):
        # Somebody may move it, or delete the conversation, at this very moment.
        with contextlib.suppress(IllegalMove, CaseUnknown):
            await _one(cases, case, now, duty)
    await _strip(cases, now)
    await cases.store.forget(now - cases.limits.rows)
    await _tell_places(cases)


async def _one(cases: Cases, case: Case, now: datetime, duty: _Duty) -> None:
    if case.conversation is None:
        await _without_conversation(cases, case, now)
    elif case.state is State.WAITING:
        await _waiting(cases, case, now, duty)
    elif case.state is State.ACTIVE:
        await _active(cases, case, now)
    elif case.state is State.OFFERED and now - case.opened_at >= cases.limits.unanswered:
        await _close(cases, case, now, EXPIRED)


async def _waiting(cases: Cases, case: Case, now: datetime, duty: _Duty) -> None:
    team = cases.duty.team(case.team)
    queued, alerted = case.queued_at or case.opened_at, case.alerted_at or case.opened_at
    if case.team not in duty:
        duty[case.team] = await cases.team_on_duty(case.team)
    anybody = duty[case.team]
    if now - queued >= team.missed_after or (anybody is None and now - alerted >= _NOBODY):
        why = "missed" if anybody else "nobody on duty"
        await cases.move(case.id, State.MISSED, by=PROGRAM, why=why, version=case.version, say="missed")
    elif now - alerted >= team.take_within:
        await _escalate(cases, case, await _next(cases, team) or team)


async def _next(cases: Cases, team: Team) -> Team | None:
    """The team on duty that the case goes to from ``team``; None where there is none but this."""
    following = list(cases.duty.chain(team.id))[1:]
    return await cases.team_on_duty(following[0].id) if following else None


async def _escalate(cases: Cases, case: Case, team: Team) -> None:
    """To ``team``, which is told (again), and the person is told what to do meanwhile."""
    values = {"team": team.id, "alerted_at": cases.clock(), "escalations": case.escalations + 1}
    raised = False

    def decide(current: Case) -> dict[str, object] | None:
        nonlocal raised
        raised = current.version == case.version
        return values if raised else None

    after = await cases.change(case.id, decide, by=PROGRAM, why="escalated", move=True)
    if raised:
        await cases.told(after, State.WAITING, say="escalated")
        await cases.alert(after, again=team.id == case.team)


async def _active(cases: Cases, case: Case, now: datetime) -> None:
    # While no process ran nobody could be heard from.
    heard = max(filter(None, (case.alive_at, case.taken_at, cases.started)))
    if now - heard < cases.limits.silent:
        return
    after = await cases.move(
        case.id, State.WAITING, by=PROGRAM, why="lost", version=case.version, values=cases.requeued(), say="lost"
    )
    if after.state is State.WAITING:
        await cases.alert(after, again=True)


async def _without_conversation(cases: Cases, case: Case, now: datetime) -> None:
    """The conversation has expired. What was left for somebody to read waits on, but not for ever."""
    if case.state is not State.CALLBACK:
        await _close(cases, case, now, EXPIRED)
    elif case.message_read_at is None and now - case.opened_at >= cases.limits.unread:
        await _close(cases, case, now, UNREAD)
    elif case.message_read_at is not None and now - case.message_read_at >= cases.limits.kept:
        await _close(cases, case, now, EXPIRED)


async def _close(cases: Cases, case: Case, now: datetime, outcome: str) -> None:
    values = {"closed_at": now, "closing": plain(Closing(outcome=outcome))}
    await cases.move(case.id, State.CLOSED, by=PROGRAM, why=outcome, version=case.version, values=values)


async def _strip(cases: Cases, now: datetime) -> None:
    """Remove what closed cases hold once their conversation is gone, and what was left has been read long ago."""
    spent = []
    for record in await cases.store.with_papers_and_no_conversation():
        case = Case.of(record)
        read = case.message_read_at
        if case.state is State.CLOSED and (read is None or now - read >= cases.limits.kept):
            spent.append(case.id)
    if spent:
        await cases.store.strip(spent)


async def _tell_places(cases: Cases) -> None:
    """Tell those who wait of their place where it has changed."""
    places: dict[str, int] = {}
    told: dict[str, int] = {}
    for row in in_order(await cases.store.waiting()):
        places[row["team"]] = places.get(row["team"], 0) + 1
        told[row["id"]] = places[row["team"]]
        if row["conversation"] is not None and cases.places.get(row["id"]) != told[row["id"]]:
            data = {"handoff": "waiting", "place": told[row["id"]]}
            cases.news.conversation(row["conversation"], "state", data)
    cases.places = told
