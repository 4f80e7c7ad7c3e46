"""From a telephone through a real gateway to the running service, and back to the telephone."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import select

from bot.bootstrap import House
from bot.channels.sms.service import Sms
from bot.gateway.server import build
from bot.settings import Secret
from bot.storage.encryption import Vault
from bot.storage.sms_people import SmsPeople
from bot.storage.tables.sms_queue import OutgoingRow
from tests.channels.sms.fakes import make_sms, settings
from tests.channels.sms.kannel import PASSWORD, USER, Kannel, running
from tests.storage.conftest import free_port

pytestmark = pytest.mark.model
NUMBER = "+4790012345"


class Listening:
    """The real conversation, and what it was told."""

    def __init__(self, talks: Any) -> None:
        self._talks = talks
        self.heard: list[str] = []
        self.said: list[list[str]] = []

    async def answer(self, person: str, text: str, message_id: str) -> list[str]:
        self.heard.append(text)
        answers: list[str] = await self._talks.answer(person, text, message_id)
        self.said.append(answers)
        return answers


@dataclass
class Everything:
    kannel: Kannel
    sms: Sms
    house: House
    talks: Listening


@pytest.fixture(scope="module")
async def everything(house: House, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Everything]:
    port, sendsms = free_port(), free_port()
    chosen = settings(
        sms_provider="kannel",
        sms_user=USER,
        sms_password=Secret(PASSWORD),
        sms_url=f"http://127.0.0.1:{sendsms}/cgi-bin/sendsms",
        public_url=f"http://127.0.0.1:{port}",
        sms_addresses=("127.0.0.0/8",),
    )
    talks = Listening(house.dialogue)
    sms = make_sms(chosen, house.database, Vault(b"k" * 32), talks)
    app = build(replace(house, sms=sms, settings=chosen))
    folder = Path(tmp_path_factory.mktemp("kannel"))
    async with TestClient(TestServer(app, port=port)):
        with running(folder, port, sendsms) as kannel:
            yield Everything(kannel, sms, house, talks)


async def until(what: Callable[[], bool], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end
        await asyncio.sleep(0.05)


async def states(house: House) -> list[str]:
    async with house.database.read() as connection:
        return list(
            (await connection.execute(select(OutgoingRow.state).where(OutgoingRow.provider == "kannel"))).scalars()
        )


async def test_a_message_goes_there_and_back_whole(everything: Everything) -> None:
    told = len(everything.talks.heard)
    with everything.kannel.handset("text de har låst meg inne på hytta, æøå ÆØÅ é") as phone:
        await until(lambda: bool(phone.received()))
        await until(lambda: len(phone.received()) == len(everything.talks.said[-1]))
        shown = phone.received()
    assert everything.talks.heard[told:] == ["de har låst meg inne på hytta, æøå ÆØÅ é"]
    assert shown == everything.talks.said[-1]
    assert "112" in shown[0]
    assert any(letter in "".join(shown) for letter in "æøå")


async def test_the_delivery_report_comes_back_to_the_message(everything: Everything) -> None:
    with everything.kannel.handset("text hei, hva er et krisesenter?") as phone:
        await until(lambda: bool(phone.received()))
        end = time.monotonic() + 10
        while set(await states(everything.house)) != {"delivered"} and time.monotonic() < end:
            await asyncio.sleep(0.1)
    assert set(await states(everything.house)) == {"delivered"}


async def test_other_letters_come_in_and_go_out_as_they_are(everything: Everything) -> None:
    with everything.kannel.handset(
        "ucs2 " + "".join(f"%{b:02X}" for b in "Mun dárbbašan veahki đŋŧž".encode("utf-16-be"))
    ):
        await until(lambda: everything.talks.heard[-1] == "Mun dárbbašan veahki đŋŧž")
    everything.talks._talks, real = _Says(["Mun gulan du đŋŧž"]), everything.talks._talks
    try:
        with everything.kannel.handset("text giitu") as phone:
            await until(lambda: "Mun gulan du đŋŧž" in phone.received())
    finally:
        everything.talks._talks = real


async def test_a_binary_message_is_not_heard(everything: Everything) -> None:
    told = len(everything.talks.heard)
    with everything.kannel.handset("data %04%FF%00"):
        await asyncio.sleep(1.0)
    assert len(everything.talks.heard) == told


async def test_stopp_is_confirmed_once_and_then_it_is_silent(everything: Everything) -> None:
    with everything.kannel.handset("text STOPP") as phone:
        await until(lambda: bool(phone.received()))
        assert len(phone.received()) == 1
    with everything.kannel.handset("text stopp") as phone:
        await until(lambda: everything.talks.heard[-1] == "stopp")
        await asyncio.sleep(1.0)
        assert phone.received() == []
    people = SmsPeople(everything.house.database, everything.house.vault)
    assert (await people.load(everything.sms.person(NUMBER))).conversation is None


class _Says:
    def __init__(self, texts: list[str]) -> None:
        self._texts = texts

    async def answer(self, person: str, text: str, message_id: str) -> list[str]:
        return self._texts
