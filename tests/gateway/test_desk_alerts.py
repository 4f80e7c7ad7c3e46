"""Leaders and administrators see which alerts did not come through; nobody sees where they were to go."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from bot.bootstrap import House
from bot.storage.alerts import ALERT, HUMAN, Outbox, Parcel
from tests.gateway.desk import Colleague, log_in

PAGE = {"Accept": "text/html"}
NOW = datetime.now(timezone.utc)
WAYS = {(ALERT, "email"), (HUMAN, "chatwoot"), (ALERT, "sms")}


@pytest.fixture
async def outbox(house: House) -> AsyncIterator[Outbox]:
    """The outbox; what a test puts there is done with afterwards."""
    made = Outbox(house.database)
    yield made
    for parcel in await made.claim(NOW + timedelta(days=1), WAYS):
        await made.dropped(parcel, NOW)
    await made.expire(NOW + timedelta(days=1))


async def _page(colleague: Colleague) -> tuple[int, str]:
    response = await colleague.client.get("/konsoll/varsler", headers=PAGE)
    return response.status, await response.text()


@pytest.mark.parametrize("role", ["leader", "admin"])
async def test_what_did_not_come_through_is_shown(client: Any, house: House, outbox: Outbox, role: str) -> None:
    colleague = await log_in(client, house, f"varsler.{role}", role)
    assert "Alt har kommet frem." in (await _page(colleague))[1]
    given_up = Parcel("v1", "v1", ALERT, "email", "sak-1", "waits", receiver=2)
    tried = Parcel("v2", "v2", HUMAN, "chatwoot", "sak-2", "wrote", line=1)
    arrived = Parcel("v3", "v3", ALERT, "sms", "sak-3", "waits", receiver=1)
    await outbox.add([given_up, tried, arrived], NOW)
    claimed = {parcel.key: parcel for parcel in await outbox.claim(NOW, WAYS)}
    await outbox.failed(claimed["v1"], "smtp_550", NOW)
    await outbox.again(claimed["v2"], "timeout", NOW + timedelta(hours=1))
    await outbox.sent(claimed["v3"], NOW)

    status, text = await _page(colleague)
    await colleague.client.close()
    assert status == 200
    rows = {case: row for case in ("sak-1", "sak-2", "sak-3") for row in text.split("<tr>") if case in row}
    assert set(rows) == {"sak-1", "sak-2"}, "what came through is not there"
    for part in ("Varsel på e-post", "nr. 2", "En ny sak venter", "tok ikke imot (smtp_550)", "Gitt opp"):
        assert part in rows["sak-1"]
    for part in ("Chatwoot", "En melding i saken", "svarte ikke i tide (timeout)", "Prøves igjen"):
        assert part in rows["sak-2"]


@pytest.mark.parametrize("role", ["helpline", "editor"])
async def test_others_do_not_see_it_nor_the_way_there(client: Any, house: House, role: str) -> None:
    colleague = await log_in(client, house, f"varsler.{role}", role)
    status, text = await _page(colleague)
    await colleague.client.close()
    assert status == 403
    assert "/konsoll/varsler" not in text
