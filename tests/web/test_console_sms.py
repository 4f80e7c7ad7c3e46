"""A young person who writes by SMS, through a provider, and a worker in the console, in a real browser."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser

from bot.bootstrap import House, library
from bot.channels.sms.opening import open_sms
from bot.gateway.limits import Limiter
from bot.gateway.server import build
from bot.handoff.case import OPEN, Case, State
from bot.language import gsm7
from tests.channels.sms.cases import OUR_NUMBER, SECRET, generic
from tests.channels.sms.fakes import Handset, settings
from tests.web.conftest import Site, until
from tests.web.console import LIMIT_S, Helper, at_work

NUMBER = "+4790066123"
URGENT = "de har tatt passet mitt og jeg er låst inne hos solsikkeonkelen i pakistan"
REPLY = "Hei, jeg heter Kari. Er du trygg nå? Svar når du kan, også på nynorsk: æ ø å Æ Ø Å."
ANSWER = "ja, jeg sitter på blåbærrommet"
_ids = count(1)


@dataclass
class Phone:
    """The person's telephone: what they send goes to the provider's address at the service, what they get is here."""

    session: ClientSession
    address: str
    end: Handset

    @property
    def got(self) -> list[str]:
        return self.end.texts(NUMBER)

    async def send(self, text: str) -> None:
        fields = {"id": f"console-{next(_ids)}", "from": NUMBER, "to": OUR_NUMBER, "text": text}
        request = generic(fields)
        headers = {"Hjemvei-Signature": request.headers["hjemvei-signature"], "Content-Type": "application/json"}
        async with self.session.post(self.address, data=request.body, headers=headers) as response:
            assert response.status == 200

    async def gets(self, fits: Callable[[str], bool], after: int) -> str:
        """The first message after so many that fits."""
        for _ in range(int(LIMIT_S / 0.05)):
            for text in self.got[after:]:
                if fits(text):
                    return text
            await asyncio.sleep(0.05)
        raise AssertionError(f"not within {LIMIT_S} s; got {self.got[after:]}")

    async def ask(self, text: str) -> str:
        """Send, and wait for the answer: one message or several in quick succession, as one text."""
        before = len(self.got)
        await self.send(text)
        await self.gets(lambda _: True, before)
        await asyncio.sleep(0.5)
        return "\n".join(self.got[before:])


@pytest.fixture
async def by_sms(house: House) -> AsyncIterator[tuple[Site, Phone]]:
    """The whole application with an SMS provider, the far end of which is the person's telephone."""
    end = Handset()
    async with AsyncExitStack() as stack:
        provider = await stack.enter_async_context(TestServer(end.app()))
        chosen = settings(sms_url=str(provider.make_url("/send")))
        fields = ("sms_provider", "sms_secret", "sms_from", "sms_callback_password", "sms_url")
        ours = replace(house.settings, **{name: getattr(chosen, name) for name in fields})
        locks: Any = house.conversations._locks
        answers = lambda: library().answers  # noqa: E731
        dialogue, sms = open_sms(ours, house.database, house.vault, house.conversations, locks, house.cases, answers)
        opened = replace(house, settings=ours, dialogue=dialogue, sms=sms)
        app = build(opened, Limiter(burst=100_000, per_minute=100_000))
        service = await stack.enter_async_context(TestServer(app))
        session = await stack.enter_async_context(ClientSession())
        site = Site(str(service.make_url("/")).rstrip("/"), "", app)
        yield site, Phone(session, f"{site.address}/sms/json/{SECRET}", end)
        for case in await house.cases.queue(states=OPEN):
            await house.cases.close(case.id, by="test")


async def _waiting_case(house: House) -> Case:
    for _ in range(int(LIMIT_S / 0.1)):
        found = [case for case in await house.cases.queue(states={State.WAITING}) if case.channel == "sms"]
        if found:
            return found[0]
        await asyncio.sleep(0.1)
    raise AssertionError("nobody waits")


def _stored(house: House) -> bytes:
    """Every byte that the service keeps in its folder, the database with its journal."""
    return b"".join(path.read_bytes() for path in house.settings.folder.rglob("*") if path.is_file())


def _readable(house: House, *texts: str) -> list[str]:
    """Those of ``texts`` that can be read where the service keeps things, also as JSON would have them."""
    stored = _stored(house)
    return [text for text in texts if text.encode() in stored or json.dumps(text)[1:-1].encode() in stored]


@pytest.mark.model
async def test_from_an_urgent_sms_to_a_worker_and_back_to_the_assistant(
    by_sms: tuple[Site, Phone], browser: Browser, house: House
) -> None:
    site, phone = by_sms
    async with at_work(browser, site, house, "kari") as kari:
        await kari.on_duty()
        assert await phone.ask(URGENT)
        offered = await phone.ask("MENNESKE")
        assert "kan lese det du har skrevet" in offered
        assert "JA" in offered
        assert await phone.ask("JA")
        case = await _waiting_case(house)
        assert case.urgency in ("urgent", "acute")

        await _is_taken(kari, case)
        got = len(phone.got)
        await kari.answer(REPLY)
        assert await phone.gets(lambda text: "Kari. Er du" in text, got) == REPLY
        assert phone.end.got[-1]["to"] == NUMBER
        got = len(phone.got)
        await phone.send(ANSWER)
        await kari.hears(ANSWER)
        assert phone.got[got:] == [], "while a human has the case, the assistant says nothing"
        assert _readable(house, NUMBER, NUMBER.removeprefix("+47"), URGENT, REPLY, ANSWER) == []

        await _is_closed(kari)
        closing = await phone.gets(lambda _: True, got)
        assert "programmet" in closing
        assert gsm7.parts(closing) <= 3
        assert (await house.cases.get(case.id)).state is State.CLOSED
        assert "krisesenter" in (await phone.ask("hva er et krisesenter")).lower()
        assert phone.got[got:].count(closing) == 1
        stored = (NUMBER, NUMBER.removeprefix("+47"), "solsikkeonkelen", "jeg heter Kari", "blåbærrommet", closing)
        assert _readable(house, *stored) == []


async def _is_taken(kari: Helper, case: Case) -> None:
    """The worker finds the case in the queue, which shows no text, and takes it."""
    await kari.ticket(case.id).wait_for()
    assert "SMS" in await kari.ticket(case.id).inner_text()
    assert "solsikkeonkelen" not in await kari.page.inner_text("body")
    await kari.take(case.id)
    await kari.hears("solsikkeonkelen")
    known = await kari.page.locator(".panel .known").inner_text()
    assert "Pakistan" in known
    assert NUMBER.removeprefix("+47") not in await kari.page.content()


async def _is_closed(kari: Helper) -> None:
    await kari.page.keyboard.press("Alt+KeyL")
    await kari.page.select_option("#closing-concern", label="Ufrivillig opphold i utlandet")
    await kari.page.select_option("#closing-outcome", label="Fikk råd og veiledning")
    await kari.page.locator("#sheet button[value=ok]").click()
    await until(kari.page, "document.querySelectorAll('.panel').length === 0", LIMIT_S)
