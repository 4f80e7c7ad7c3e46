from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest

from bot.bootstrap import House
from bot.handoff.case import Carried, Case
from tests.gateway.desk import Colleague, log_in

WRITTEN = "passet mitt ligger hos onkel"
DEEDS = ("slipp", "overfor", "lukk", "skriv", "skriver", "vis", "beskjed", "notat", "henvis")


@pytest.fixture
async def staff(client: Any, house: House) -> AsyncIterator[dict[str, Colleague]]:
    """Two at the helpline, a leader and an editor."""
    async with AsyncExitStack() as stack:
        found = {}
        for name, role in (("kari", "helpline"), ("ola", "helpline"), ("leder", "leader"), ("redaktor", "editor")):
            found[name] = await log_in(client, house, name, role)
            stack.push_async_callback(found[name].client.close)
        yield found


@pytest.fixture
async def case(house: House, staff: dict[str, Colleague]) -> AsyncIterator[Case]:
    """A case that Kari has, with a line by the person."""
    conversation, _ = await house.conversations.start("web")
    offered = await house.cases.offer(conversation, "web", Carried("urgent", ("passport_taken",)))
    waiting = await house.cases.hand_over(offered.id)
    assert (await staff["kari"].post(f"saker/{waiting.id}/ta")).status == 200
    await house.cases.write(waiting.id, by="user", text=WRITTEN)
    yield await house.cases.get(waiting.id)
    if (await house.cases.get(waiting.id)).state.value != "closed":
        await house.cases.close(waiting.id, by="test")


async def test_only_the_one_who_has_the_case_reads_it(staff: dict[str, Colleague], case: Case) -> None:
    assert WRITTEN in await (await staff["kari"].get(f"saker/{case.id}")).text()
    for name in ("ola", "leder"):
        told = await staff[name].get(f"saker/{case.id}")
        assert told.status == 200
        assert WRITTEN not in await told.text()
        assert (await staff[name].get(f"saker/{case.id}/linjer")).status == 409
    assert (await staff["redaktor"].get(f"saker/{case.id}")).status == 403
    assert (await staff["redaktor"].get("tilstand")).status == 403


@pytest.mark.parametrize("deed", DEEDS)
async def test_nobody_acts_in_anothers_case(staff: dict[str, Colleague], case: Case, house: House, deed: str) -> None:
    body = {"text": "x", "on": True, "team": "hjelpelinje", "outcome": "veiledet", "contact": "alarmtelefonen"}
    for name, status in (("ola", 409), ("leder", 409), ("redaktor", 403)):
        assert (await staff[name].post(f"saker/{case.id}/{deed}", body)).status == status
    after = await house.cases.get(case.id)
    assert (after.state, after.taken_by, after.version) == (case.state, case.taken_by, case.version)


async def test_the_second_who_takes_a_case_is_told_so(staff: dict[str, Colleague], case: Case) -> None:
    late = await staff["ola"].post(f"saker/{case.id}/ta")
    assert (late.status, (await late.json())["error"]["code"]) == (409, "case_taken")


async def test_the_same_message_sent_twice_is_one_line(staff: dict[str, Colleague], case: Case, house: House) -> None:
    for _ in range(2):
        assert (await staff["kari"].post(f"saker/{case.id}/skriv", {"text": "hei", "message_id": "m1"})).status == 200
    assert [line.text for line in await house.cases.lines(case.id) if line.by == "human"] == ["hei"]


@pytest.mark.parametrize(
    "body",
    [{}, {"outcome": "noe annet"}, {"outcome": "deleted by user"}, {"outcome": "veiledet", "concern": "x"}, {"outcome": "veiledet", "place": "Kongsvinger"}],
)  # fmt: skip
async def test_a_case_ends_only_as_the_lists_have_it(staff: dict[str, Colleague], case: Case, body: dict[str, str]) -> None:  # fmt: skip
    assert (await staff["kari"].post(f"saker/{case.id}/lukk", body)).status == 400


async def test_a_case_is_not_given_to_somebody_who_is_away(
    staff: dict[str, Colleague], case: Case, house: House
) -> None:
    ola = next(one.id for one in await house.staff.all() if one.name == "ola")
    await house.staff.go(ola)
    assert (await staff["kari"].post(f"saker/{case.id}/overfor", {"worker": ola})).status == 409
    assert (await house.cases.get(case.id)).taken_by == case.taken_by


async def test_logging_out_gives_the_case_back_at_once(staff: dict[str, Colleague], case: Case, house: House) -> None:
    kari = staff["kari"]
    await kari.client.post("/konsoll/ut", data={"token": kari.token}, headers={"Origin": kari.origin})
    assert (await house.cases.get(case.id)).state.value == "waiting"


async def test_the_log_tells_what_was_done_and_no_word_of_it(
    staff: dict[str, Colleague], case: Case, house: House
) -> None:
    await staff["kari"].post(f"saker/{case.id}/vis")
    page = await (await staff["leder"].client.get("/konsoll/hendelser", headers={"Accept": "text/html"})).text()
    assert "viste skjulte numre" in page
    assert case.id in page
    assert WRITTEN not in page
