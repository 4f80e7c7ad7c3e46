"""Contacts in the database: the files are the truth, the tables keep what changed."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from bot.bootstrap import Library
from bot.directory.rows import rows, values
from bot.storage.contacts import ContactStore
from bot.storage.database import Database
from bot.storage.tables.contacts import ContactRow


def _two(shelf: Library, **changed: Any) -> dict[str, tuple[dict[str, Any], str]]:
    first, second = (shelf.directory.contacts[name] for name in ("rosa", "jurk"))
    return {
        "rosa": (values(replace(first, **changed)), "knowledge/contacts/contacts.yml"),
        "jurk": (values(second), "knowledge/contacts/contacts.yml"),
    }


async def test_bringing_in_step_twice_changes_nothing_the_second_time(database: Database, shelf: Library) -> None:
    store = ContactStore(database)
    everything = rows(shelf.directory)
    await store.bring_in_step(everything)
    versions = await store.versions()
    assert set(versions) == set(everything)
    assert await store.bring_in_step(everything) == 0
    assert await store.versions() == versions


async def test_the_history_says_what_changed_from_which_source(database: Database, shelf: Library) -> None:
    store = ContactStore(database)
    await store.bring_in_step(_two(shelf))
    before = (await store.versions())["rosa"]
    changed = _two(shelf, phone="22 00 00 00", free=True)
    changed["rosa"] = (changed["rosa"][0], "kontakter.xlsx")
    assert await store.bring_in_step(changed) == 1
    last = (await store.history("rosa"))[-1]
    assert (last.what, last.version, last.source) == ("changed", before + 1, "kontakter.xlsx")
    assert set(last.fields) == {"channels", "free"}
    assert last.fields["free"] == (None, True)
    assert last.changed_at.tzinfo is not None
    assert await store.history("finnes_ikke") == []


async def test_a_contact_that_is_taken_out_and_put_back_keeps_its_history(database: Database, shelf: Library) -> None:
    store = ContactStore(database)
    await store.bring_in_step(_two(shelf))
    await store.bring_in_step({"rosa": _two(shelf)["rosa"]})
    await store.bring_in_step(_two(shelf))
    told = [change.what for change in await store.history("jurk")]
    assert told[-2:] == ["removed", "new"]
    assert [change.version for change in await store.history("jurk")] == list(range(1, len(told) + 1))


async def test_processes_that_start_at_once_write_each_change_once(database: Database, shelf: Library) -> None:
    contacts = _two(shelf, does="Noe nytt.")
    before = len(await ContactStore(database).history("rosa"))
    others = [Database(database.address) for _ in range(4)]
    try:
        await asyncio.gather(*(ContactStore(other).bring_in_step(contacts) for other in others))
    finally:
        for other in others:
            await other.close()
    assert len(await ContactStore(database).history("rosa")) <= before + 1
    async with database.read() as connection:
        stored = await connection.scalar(sa.select(ContactRow.does).where(ContactRow.id == "rosa"))
    assert stored == "Noe nytt."


async def test_a_row_holds_every_field_of_the_contact(database: Database, shelf: Library) -> None:
    await ContactStore(database).bring_in_step(rows(shelf.directory))
    async with database.read() as connection:
        row = (
            (await connection.execute(sa.select(ContactRow).where(ContactRow.id == "alarmtelefonen"))).mappings().one()
        )
    contact = shelf.directory.contacts["alarmtelefonen"]
    assert {name: row[name] for name in values(contact)} == values(contact)
    assert [way["kind"] for way in row["channels"]] == ["phone", "sms", "chat", "email", "url"]
    assert row["channels"][0]["hours"] == "always"
    assert row["anonymous"] is True
    assert row["from_abroad"] == "+47 954 11 755"
