from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.errors import AlreadyTaken, CaseUnknown, IllegalMove
from bot.handoff.case import Carried, Closing, State, Wish
from bot.storage.conversations import ConversationStore
from bot.storage.database import Database
from tests.handoff.conftest import Desk, open_desk


async def test_from_offer_to_end_with_everything_recorded(desk: Desk) -> None:
    conversation, _ = await desk.conversations.create("web")
    offered = await desk.cases.offer(conversation, "web", Carried("acute", ("locked_in",), "vold.hjemme", "under 18"))
    assert offered.state is State.OFFERED
    assert desk.heard.alerts == []
    waiting = await desk.cases.hand_over(offered.id)
    assert await desk.cases.place(waiting) == 1
    assert desk.heard.alerts == [("forste", False)]
    taken = await desk.cases.take(waiting.id, "w1", name="Kari")
    assert taken.taken_by == "w1"
    await desk.cases.write(taken.id, by="user", text="er du der?")
    await desk.cases.write(taken.id, by="human", text="ja", name="Kari", worker="w1")
    closed = await desk.cases.close(taken.id, by="w1", closing=Closing("tvang", "under 18", None, "Oslo", "referred"))
    assert closed.closing == Closing("tvang", "under 18", None, "Oslo", "referred")
    log = await desk.cases.log(taken.id)
    assert [(move.by, move.before, move.after) for move in log] == [
        ("user", "", "offered"),
        ("user", "offered", "waiting"),
        ("w1", "waiting", "active"),
        ("w1", "active", "closed"),
    ]
    assert [state["handoff"] for state in desk.heard.states()] == ["waiting", "active", "closed"]
    assert desk.heard.states()[1]["name"] == "Kari"
    assert [(line.by, line.text) for line in await desk.cases.lines(taken.id)] == [
        ("program", "ord: taken"),
        ("user", "er du der?"),
        ("human", "ja"),
        ("program", "ord: closed"),
    ]
    assert desk.heard.moves == [(None, "offered"), ("offered", "waiting"), ("waiting", "active"), ("active", "closed")]


async def test_news_to_the_desk_hold_no_text(desk: Desk) -> None:
    case = await desk.active()
    await desk.cases.write(case.id, by="user", text="hemmelig ord")
    await desk.cases.note(case.id, "w1", "hemmelig notat")
    assert "hemmelig" not in repr(desk.heard.desks)
    assert {kind for kind, _ in desk.heard.desks} == {"queue", "case", "line"}


async def test_of_many_workers_who_take_it_at_once_one_gets_it(
    desk: Desk,
    database: Database,
    store: ConversationStore,
) -> None:
    other = Database(database.address)
    try:
        desks = [desk.cases, open_desk(other, store, desk.clock).cases]
        for _ in range(5):
            case = await desk.waiting()
            tries = [desks[number % 2].take(case.id, f"w{number}") for number in range(6)]
            done = await asyncio.gather(*tries, return_exceptions=True)
            got = [result for result in done if not isinstance(result, BaseException)]
            assert len(got) == 1
            assert all(isinstance(result, AlreadyTaken) for result in done if isinstance(result, BaseException))
            assert (await desk.cases.get(case.id)).taken_by == got[0].taken_by
            assert [move.after for move in await desk.cases.log(case.id)].count("active") == 1
    finally:
        await other.close()


async def test_the_same_worker_may_take_it_twice(desk: Desk) -> None:
    case = await desk.active("w1")
    assert (await desk.cases.take(case.id, "w1")).version == case.version


async def test_the_same_message_twice_is_one_line(desk: Desk) -> None:
    case = await desk.active()
    first = await desk.cases.write(case.id, by="user", text="hei", message_id="m1")
    again = await desk.cases.write(case.id, by="user", text="hei", message_id="m1")
    assert first == again
    assert [line.text for line in await desk.cases.lines(case.id)].count("hei") == 1
    assert [line.text for line in desk.heard.lines].count("hei") == 1


async def test_lines_that_are_written_at_once_all_come_in_with_numbers_of_their_own(desk: Desk) -> None:
    case = await desk.active()
    await asyncio.gather(*(desk.cases.write(case.id, by="user", text=str(n)) for n in range(20)))
    lines = [line for line in await desk.cases.lines(case.id) if line.by == "user"]
    assert sorted(int(line.text) for line in lines) == list(range(20))
    assert len({line.number for line in lines}) == 20


async def test_nobody_writes_in_a_case_that_is_not_theirs(desk: Desk) -> None:
    case = await desk.waiting()
    with pytest.raises(IllegalMove):
        await desk.cases.write(case.id, by="user", text="for tidlig")
    await desk.cases.take(case.id, "w1")
    with pytest.raises(IllegalMove):
        await desk.cases.write(case.id, by="human", text="feil", worker="w2")
    await desk.cases.close(case.id, by="w1")
    with pytest.raises(IllegalMove):
        await desk.cases.write(case.id, by="human", text="for sent", worker="w1")
    with pytest.raises(CaseUnknown):
        await desk.cases.write("finnes-ikke", by="user", text="hei")


async def test_a_case_that_comes_back_keeps_its_place(desk: Desk) -> None:
    first = await desk.waiting()
    desk.clock.later(minutes=1)
    await desk.waiting()
    await desk.cases.take(first.id, "w1")
    desk.clock.later(minutes=1)
    back = await desk.cases.release(first.id, by="w1")
    assert await desk.cases.place(back) == 1
    assert back.taken_by is None
    assert desk.heard.alerts[-1] == ("forste", True)


async def test_transfer_to_a_worker_and_to_a_team(desk: Desk) -> None:
    case = await desk.active("w1")
    moved = await desk.cases.transfer(case.id, by="w1", worker="w2")
    assert (moved.state, moved.taken_by) == (State.ACTIVE, "w2")
    with pytest.raises(IllegalMove):
        await desk.cases.write(case.id, by="human", text="fra den gamle", worker="w1")
    queued = await desk.cases.transfer(case.id, by="w2", team="andre")
    assert (queued.state, queued.team, queued.taken_by) == (State.WAITING, "andre", None)
    with pytest.raises(IllegalMove):
        await desk.cases.transfer(case.id, by="w2", team="finnes-ikke")
    with pytest.raises(IllegalMove):
        await desk.cases.transfer(case.id, by="w2", worker="w3")


async def test_a_raised_urgency_moves_the_case_up_and_never_down(desk: Desk) -> None:
    await desk.waiting("urgent")
    desk.clock.later(minutes=1)
    case = await desk.waiting("concern")
    assert await desk.cases.place(case) == 2
    raised = await desk.cases.raised(case.id, "acute", ["violence_now"])
    assert await desk.cases.place(raised) == 1
    assert raised.carried is not None
    assert raised.carried.reasons[0] == "violence_now"
    assert (await desk.cases.raised(case.id, "none")).urgency == "acute"
    assert ("case", {"case": case.id}) in desk.heard.desks


async def test_without_consent_nothing_of_before_is_seen(desk: Desk) -> None:
    case = await desk.waiting(shared=False)
    assert case.conversation is not None
    turn = await desk.conversations.load(case.conversation)
    turn.added = [{"event": "user", "text": "noe privat", "timestamp": 1.0}]
    await desk.conversations.commit(turn)
    assert case.carried is None
    assert await desk.cases.conversation_so_far(case.id) == []
    open_case = await desk.waiting(shared=True)
    assert open_case.conversation is not None
    turn = await desk.conversations.load(open_case.conversation)
    turn.added = [
        {"event": "user", "text": "noe annet", "timestamp": 1.0},
        {"event": "bot", "text": "svar", "timestamp": 2.0},
    ]
    await desk.conversations.commit(turn)
    await desk.cases.take(open_case.id, "w1")
    await desk.cases.write(open_case.id, by="human", text="hei", name="Kari", worker="w1")
    so_far = await desk.cases.conversation_so_far(open_case.id)
    assert [(line.by, line.text) for line in so_far] == [
        ("user", "noe annet"),
        ("program", "svar"),
        ("program", "ord: taken"),
        ("human", "hei"),
    ]


async def test_one_conversation_can_be_handed_off_several_times(desk: Desk) -> None:
    case = await desk.active()
    await desk.cases.close(case.id, by="w1")
    assert case.conversation is not None
    assert await desk.cases.current(case.conversation) is None
    desk.clock.later(minutes=1)
    again = await desk.cases.offer(case.conversation, "web", Carried("none"))
    assert again.id != case.id
    assert (await desk.cases.hand_over(again.id)).state is State.WAITING
    assert (await desk.cases.offer(case.conversation, "web", Carried("none"))).id == again.id


async def test_a_message_that_is_left_is_read_once_it_is_opened(desk: Desk) -> None:
    conversation, _ = await desk.conversations.create("web")
    offered = await desk.cases.offer(conversation, "web", Carried("urgent"))
    wish = Wish("ring meg om passet", "Bare SMS, ring aldri: 900 00 000", "bare SMS mellom 8 og 10", "blåbær")
    left = await desk.cases.leave_message(offered.id, wish)
    assert (left.state, left.left_message, left.message_read_at) == (State.CALLBACK, True, None)
    assert [case.id for case in await desk.cases.queue(states=[State.CALLBACK])].count(left.id) == 1
    assert await desk.cases.read_message(left.id, "w1") == wish
    assert (await desk.cases.get(left.id)).message_read_at == desk.clock.now
    assert [move.why for move in await desk.cases.log(left.id)] == ["asked", "message", "message read"]


async def test_deleting_closes_the_case_as_such_and_removes_what_it_held(desk: Desk) -> None:
    case = await desk.active()
    assert case.conversation is not None
    await desk.cases.write(case.id, by="user", text="hei")
    await desk.cases.note(case.id, "w1", "notat")
    await desk.cases.forget(case.conversation)
    await desk.conversations.erase(case.conversation)
    after = await desk.cases.get(case.id)
    assert (after.state, after.conversation, after.carried) == (State.CLOSED, None, None)
    assert after.closing == Closing(outcome="deleted by user")
    assert await desk.cases.lines(case.id) == []
    assert await desk.cases.notes(case.id) == []
    assert await desk.cases.conversation_so_far(case.id) == []
    with pytest.raises(IllegalMove):
        await desk.cases.write(case.id, by="human", text="for sent", worker="w1")


async def test_lines_are_gone_with_the_conversation_also_where_nobody_tended_the_case(desk: Desk) -> None:
    case = await desk.active()
    assert case.conversation is not None
    await desk.cases.write(case.id, by="user", text="hei")
    await desk.conversations.erase(case.conversation)
    assert await desk.cases.lines(case.id) == []
    with pytest.raises(IllegalMove):
        await desk.cases.write(case.id, by="human", text="for sent", worker="w1")


async def test_notes_and_referrals(desk: Desk) -> None:
    case = await desk.active()
    await desk.cases.note(case.id, "w1", "første")
    await desk.cases.refer(case.id, "w1", "udops")
    await desk.cases.note(case.id, "w2", "andre")
    assert [(note.worker, note.text) for note in await desk.cases.notes(case.id)] == [("w1", "første"), ("w2", "andre")]
    assert await desk.cases.referrals(case.id) == ["udops"]
    with pytest.raises(CaseUnknown):
        await desk.cases.note("finnes-ikke", "w1", "x")


async def test_an_alert_or_a_watcher_that_fails_costs_nobody_the_case(desk: Desk) -> None:
    class Broken:
        async def case_waits(self, *_: object, **__: object) -> None:
            raise OSError("e-posten er nede")

        async def moved(self, *_: object) -> None:
            raise RuntimeError("kanalen er nede")

        wrote = moved

    desk.cases.alerts = Broken()  # type: ignore[assignment]
    desk.cases.watch(Broken())  # type: ignore[arg-type]
    case = await desk.active()
    await desk.cases.write(case.id, by="user", text="hei")
    assert [line.text for line in await desk.cases.lines(case.id)][-1] == "hei"


async def test_typing_reaches_the_other_side_only_while_a_human_has_it(desk: Desk) -> None:
    case = await desk.waiting()
    await desk.cases.typing(case.id, by="user", on=True)
    assert "typing" not in [kind for kind, _ in desk.heard.desks]
    await desk.cases.take(case.id, "w1")
    await desk.cases.typing(case.id, by="user", on=True)
    await desk.cases.typing(case.id, by="human", on=True)
    assert ("typing", {"case": case.id, "on": True}) in desk.heard.desks
    assert (case.conversation, "typing", {"by": "human", "on": True}) in desk.heard.told


async def test_nothing_readable_lies_in_the_file(tmp_path: Path) -> None:
    from datetime import timedelta

    from bot.storage.encryption import Vault

    opened = Database(f"sqlite+aiosqlite:///{tmp_path / 'h.sqlite3'}")
    await opened.migrate()
    store = ConversationStore(opened, Vault(b"k" * 32), timedelta(hours=24))
    desk = open_desk(opened, store)
    conversation, _ = await store.create("web")
    case = await desk.cases.offer(
        conversation, "web", Carried("urgent", ("passport_taken",), "utland.pass_tatt", country="PAK")
    )
    await desk.cases.leave_message(case.id, Wish("hemmelig sak", "ring 91919191", "mellom 8 og 10", "blåbær"))
    await desk.cases.take(case.id, "w1")
    await desk.cases.write(case.id, by="user", text="hemmelig linje", name="Navnet")
    await desk.cases.note(case.id, "w1", "hemmelig notat")
    await opened.close()
    held = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for word in ("hemmelig", "91919191", "mellom", "blåbær", "Navnet", "passport_taken", "pass_tatt", "PAK"):
        assert word.encode() not in held, word


async def test_a_case_that_becomes_more_urgent_is_shown_as_such_at_once(desk: Desk) -> None:
    case = await desk.waiting("urgent")
    desk.heard.desks.clear()
    raised = await desk.cases.raised(case.id, "acute", ("violence_now",))
    assert (raised.urgency, raised.carried and raised.carried.reasons) == ("acute", ("violence_now", "held_abroad"))
    assert desk.heard.desks == [("queue", {"case": case.id}), ("case", {"case": case.id})]
    desk.heard.desks.clear()
    assert (await desk.cases.raised(case.id, "concern")).urgency == "acute"
    assert desk.heard.desks == []
