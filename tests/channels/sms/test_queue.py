from __future__ import annotations

import asyncio
import secrets
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import select

from bot.storage.database import Database
from bot.storage.encryption import Vault
from bot.storage.sms_queue import SmsQueue
from bot.storage.sms_records import SmsRecords
from bot.storage.sms_rows import MOVES, Answer, Arrived, Tie, Waiting
from bot.storage.tables.sms_queue import IncomingRow, KeptNumberRow, OutgoingRow, PartRow

NUMBER = "+4790012345"
NOW = datetime(2026, 11, 28, 12, 0, tzinfo=timezone.utc)
LEASE = timedelta(seconds=10)


def arrived(person: str = "", text: str = "hei", message: str = "", **more: object) -> Arrived:
    person = person or secrets.token_hex(8)
    return Arrived("json", message or secrets.token_hex(8), person, NUMBER, text, "w", **more)  # type: ignore[arg-type]


def answer(text: str = "svar", identifier: str = "") -> Answer:
    return Answer(identifier or secrets.token_hex(8), text, "w", 1)


async def claim(queue: SmsQueue, me: str = "a", now: datetime = NOW, limit: int = 50) -> list[Waiting]:
    return await queue.claim_incoming(me, now, now + LEASE, limit)


@pytest.fixture(autouse=True)
async def _empty(database: Database) -> None:
    async with database.write() as connection:
        for table in (IncomingRow, PartRow, OutgoingRow, KeptNumberRow):
            await connection.execute(table.__table__.delete())


async def test_the_same_message_is_kept_once(queue: SmsQueue) -> None:
    item = arrived()
    assert await queue.keep([item], NOW) == 1
    assert await queue.keep([item, item], NOW) == 0
    assert len(await claim(queue)) == 1


async def test_two_processes_never_take_up_the_same(queue: SmsQueue) -> None:
    await queue.keep([arrived() for _ in range(40)], NOW)
    taken = await asyncio.gather(*(claim(queue, me, limit=7) for me in "abcdefgh"))
    numbers = [waiting.number for some in taken for waiting in some]
    assert len(numbers) == len(set(numbers)) > 0


async def test_a_person_is_answered_in_order(queue: SmsQueue) -> None:
    await queue.keep([arrived("p", "en"), arrived("p", "to"), arrived("q", "tre")], NOW)
    first = await claim(queue)
    assert sorted(waiting.text for waiting in first) == ["en", "tre"]
    assert await claim(queue, "b") == []
    mine = next(waiting for waiting in first if waiting.text == "en")
    assert await queue.answered(mine, [answer()], NOW)
    assert [waiting.text for waiting in await claim(queue, "b")] == ["to"]


async def test_what_a_dead_process_had_is_taken_up_by_another_and_written_once(queue: SmsQueue) -> None:
    await queue.keep([arrived()], NOW)
    (mine,) = await claim(queue, "dead")
    assert await claim(queue, "b", NOW + LEASE / 2) == []
    (theirs,) = await claim(queue, "b", NOW + 2 * LEASE)
    given = answer()
    assert await queue.answered(theirs, [given], NOW)
    assert not await queue.answered(mine, [given, answer()], NOW)
    assert [out.id for out in await queue.claim_outgoing("b", NOW, NOW + LEASE, 9)] == [given.id]


async def test_messages_go_out_in_order_and_a_failing_one_holds_the_next(queue: SmsQueue) -> None:
    await queue.keep([arrived("p")], NOW)
    (mine,) = await claim(queue)
    await queue.answered(mine, [answer("en"), answer("to")], NOW)
    (first,) = await queue.claim_outgoing("a", NOW, NOW + LEASE, 9)
    assert (first.text, first.address) == ("en", NUMBER)
    await queue.again(first, NOW + timedelta(seconds=30))
    assert await queue.claim_outgoing("a", NOW + timedelta(seconds=29), NOW + LEASE, 9) == []
    (again,) = await queue.claim_outgoing("a", NOW + timedelta(seconds=31), NOW + LEASE, 9)
    assert (again.id, again.tries) == (first.id, 1)
    assert await queue.sent(again, "x", NOW)
    assert [out.text for out in await queue.claim_outgoing("a", NOW, NOW + LEASE, 9)] == ["to"]


async def test_what_another_key_has_sealed_stands_in_nobodys_way(queue: SmsQueue, database: Database) -> None:
    other = SmsQueue(database, Vault(b"x" * 32))
    piece = arrived("p", "x", part=("ref", 1, 1))
    await other.keep([arrived("p", "gammel"), piece], NOW)
    await queue.keep([arrived("p", "ny")], NOW)
    assert await claim(queue) == []
    assert [waiting.text for waiting in await claim(queue)] == ["ny"]
    assert await queue.pieces(NOW) == []


async def test_number_and_text_are_gone_when_nothing_is_owed(queue: SmsQueue, database: Database) -> None:
    await queue.keep([arrived("p", "grønnmerketord")], NOW)
    (mine,) = await claim(queue)
    await queue.answered(mine, [answer()], NOW)
    (out,) = await queue.claim_outgoing("a", NOW, NOW + LEASE, 9)
    async with database.read() as connection:
        incoming = (await connection.execute(select(IncomingRow.address, IncomingRow.body))).one()
        owed = (await connection.execute(select(OutgoingRow.address, OutgoingRow.body))).one()
    assert tuple(incoming) == (None, None)
    assert owed.address
    assert NUMBER.encode() not in owed.address
    await queue.sent(out, None, NOW)
    async with database.read() as connection:
        row = (await connection.execute(select(OutgoingRow.address, OutgoingRow.body))).one()
    assert tuple(row) == (None, None)


async def test_a_worker_writes_to_the_kept_number_until_it_is_forgotten(queue: SmsQueue, database: Database) -> None:
    records = SmsRecords(database)
    assert not await queue.put_out_for("p", answer(), NOW)
    await queue.keep([arrived("p")], NOW)
    (mine,) = await claim(queue)
    await queue.answered(mine, [], NOW, tie=Tie.HELD)
    assert await queue.put_out_for("p", answer("Hei, jeg heter Kari."), NOW)
    assert [out.address for out in await queue.claim_outgoing("a", NOW, NOW + LEASE, 9)] == [NUMBER]
    assert [person for person, _ in await records.kept()] == ["p"]
    await queue.forget("p")
    assert await records.kept() == []
    assert not await queue.put_out_for("p", answer(), NOW)


async def test_after_stopp_nothing_that_a_worker_wrote_goes_out(queue: SmsQueue) -> None:
    async def heard(tie: Tie) -> None:
        await queue.keep([arrived("p")], NOW)
        (mine,) = await claim(queue)
        await queue.answered(mine, [], NOW, tie=tie)

    await heard(Tie.HELD)
    await queue.put_out_for("p", answer("siste ord"), NOW)
    await heard(Tie.FREE)
    (left,) = await queue.claim_outgoing("a", NOW, NOW + LEASE, 9)
    assert left.text == "siste ord"
    await queue.sent(left, None, NOW)
    await heard(Tie.HELD)
    await queue.put_out_for("p", answer("for sent"), NOW)
    await heard(Tie.GONE)
    assert await queue.claim_outgoing("a", NOW, NOW + LEASE, 9) == []


@pytest.mark.parametrize("state", sorted(MOVES))
@pytest.mark.parametrize("to", ["accepted", "buffered", "delivered", "failed", "expired"])
async def test_a_delivery_report_moves_by_the_table(queue: SmsQueue, database: Database, state: str, to: str) -> None:
    await queue.keep([arrived("p")], NOW)
    (mine,) = await claim(queue)
    given = answer()
    await queue.answered(mine, [given], NOW)
    async with database.write() as connection:
        await connection.execute(OutgoingRow.__table__.update().values(state=state))
    said = await queue.report(to, NOW, reference=given.id)
    assert said == ("same" if to == state else "moved" if to in MOVES[state] else "refused")
    async with database.read() as connection:
        now = (await connection.execute(select(OutgoingRow.state))).scalar()
    assert now == (to if said == "moved" else state)


async def test_reports_at_the_same_moment_end_in_the_last_state(queue: SmsQueue, database: Database) -> None:
    items = [arrived() for _ in range(12)]
    await queue.keep(items, NOW)
    given = [answer() for _ in items]
    for mine, out in zip(await claim(queue), given, strict=True):
        await queue.answered(mine, [out], NOW)
    reports = [queue.report(state, NOW, reference=out.id) for out in given for state in ("delivered", "accepted")]
    await asyncio.gather(*reports)
    async with database.read() as connection:
        assert set((await connection.execute(select(OutgoingRow.state))).scalars()) == {"delivered"}


async def test_a_report_of_what_we_do_not_know_says_so(queue: SmsQueue) -> None:
    assert await queue.report("delivered", NOW, reference="nothing") == "unknown"
    assert await queue.report("delivered", NOW, provider_id="nothing") == "unknown"


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 1, 2), (2, 3, 1)])
async def test_pieces_are_put_together_in_any_order(queue: SmsQueue, order: tuple[int, ...]) -> None:
    texts = {1: "en ", 2: "to ", 3: "tre"}
    for place in order:
        assert await queue.pieces(NOW - timedelta(minutes=5)) == []
        await queue.keep([arrived("p", texts[place], part=("ref", place, 3))], NOW)
    (pieces,) = await queue.pieces(NOW - timedelta(minutes=5))
    assert "".join(pieces.texts) == "en to tre"
    whole = replace(arrived("p", "en to tre"), address=pieces.address)
    done = await asyncio.gather(*(queue.join(pieces, whole, NOW) for _ in range(3)))
    assert sorted(done) == [False, False, True]
    assert [waiting.text for waiting in await claim(queue)] == ["en to tre"]
    assert await queue.pieces(NOW) == []


async def test_a_repeated_piece_does_not_begin_the_message_anew(queue: SmsQueue) -> None:
    one, two = (arrived("p", "x", message=f"m{n}", part=("ref", n, 2)) for n in (1, 2))
    await queue.keep([one, two], NOW)
    (pieces,) = await queue.pieces(NOW - timedelta(minutes=5))
    await queue.join(pieces, arrived("p", "xx", message="whole"), NOW)
    assert await queue.keep([two, one], NOW) == 0
    assert await queue.pieces(NOW) == []


async def test_what_has_come_of_a_message_is_not_lost_when_a_piece_stays_away(queue: SmsQueue) -> None:
    await queue.keep([arrived("p", "en ", part=("ref", 1, 3)), arrived("p", "tre", part=("ref", 3, 3))], NOW)
    assert await queue.pieces(NOW - timedelta(minutes=5)) == []
    (pieces,) = await queue.pieces(NOW + timedelta(minutes=5))
    assert pieces.texts == ("en ", "", "tre")


async def test_a_repeat_is_known_until_the_row_is_removed(queue: SmsQueue, database: Database) -> None:
    item = arrived()
    await queue.keep([item, arrived()], NOW)
    mine = next(waiting for waiting in await claim(queue) if waiting.message == item.message)
    await queue.answered(mine, [], NOW)
    await SmsRecords(database).purge(NOW - timedelta(hours=1))
    assert await queue.keep([item], NOW) == 0
    await SmsRecords(database).purge(NOW + timedelta(hours=1))
    assert await queue.keep([item], NOW) == 1
