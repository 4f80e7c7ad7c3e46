"""One contract for every provider: what comes in, what goes out, and what is made of the answer."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels.sms.base import HttpProvider, Line
from bot.channels.sms.model import (
    Failure,
    Incoming,
    Malformed,
    Outgoing,
    Part,
    Raw,
    Report,
    Untrusted,
    Unusable,
)
from bot.channels.sms.providers import PROVIDERS, make
from bot.errors import SettingError
from bot.settings import SMS_PROVIDERS, Secret, Settings
from tests.channels.sms.cases import CALLBACK, CASES, NUMBER, PASSWORD, SECRET, Case, raw

NOW = datetime.now(timezone.utc)
TEXTS = (
    "hei",
    "ærlig talt, jeg får ikke gå ut & de = sint",
    "Mun dárbbašan veahki đŋŧž",
    "😟 hjelp",
    "1",
    "to\nlinjer",
)


@pytest.fixture(params=sorted(CASES))
def case(request: pytest.FixtureRequest) -> Case:
    return CASES[request.param]


def provider(case: Case, **more: Any) -> HttpProvider:
    return PROVIDERS[case.name](replace(case.account, **more), Line(0.5))


def read(case: Case, request: Raw) -> Any:
    """What the request holds, when it is let in at all."""
    checked = provider(case)
    checked.verify(request, datetime.now(timezone.utc))
    return checked.parse(request)


def test_every_provider_of_the_settings_is_under_the_contract() -> None:
    assert set(CASES) == set(PROVIDERS) == set(SMS_PROVIDERS)


@pytest.mark.parametrize("text", TEXTS)
def test_a_message_is_read_letter_by_letter(case: Case, text: str) -> None:
    (item,) = read(case, case.incoming("id-1", text))
    assert isinstance(item, Incoming)
    assert item.text == text
    assert item.id == ("id-1" if case.has_ids else "")
    assert item.sender.removeprefix("+").removeprefix("47") == "90012345"
    assert item.receiver
    assert item.part is None


def test_an_empty_text_is_no_error(case: Case) -> None:
    (item,) = read(case, case.incoming("id-1", ""))
    assert isinstance(item, Incoming)


def test_what_lacks_a_field_is_malformed(case: Case) -> None:
    assert case.incomplete()
    for request in case.incomplete():
        with pytest.raises(Malformed):
            read(case, request)


def test_what_is_not_signed_as_it_should_be_is_not_let_in(case: Case) -> None:
    for request in case.forged():
        with pytest.raises(Untrusted):
            read(case, request)


@pytest.mark.parametrize("name", ["twilio", "vonage", "link_mobility", "json"])
def test_a_signed_text_cannot_be_exchanged_for_another(name: str) -> None:
    case = CASES[name]
    real, other = case.incoming("id-1", "hei"), case.incoming("id-1", "noe annet")
    signature = {k: v for k, v in real.headers.items() if k in ("x-twilio-signature", "hjemvei-signature")}
    mixed = replace(other, headers={**other.headers, **signature})
    if name == "vonage":
        mixed = replace(other, query={**other.query, "sig": real.query["sig"]})
    if name == "link_mobility":
        mixed = replace(other, headers={})
    with pytest.raises(Untrusted):
        read(case, mixed)


def test_what_cannot_be_read_as_text_is_set_aside(case: Case) -> None:
    for request in case.unusable():
        (item,) = read(case, request)
        assert isinstance(item, Unusable)


def test_a_delivery_report_says_which_message_and_what_became_of_it(case: Case) -> None:
    for theirs, ours in case.states.items():
        (item,) = read(case, case.report("vår-id", theirs))
        assert isinstance(item, Report)
        assert (item.state, item.reference) == (ours, "vår-id")


def test_a_state_that_is_not_known_moves_nothing(case: Case) -> None:
    if case.name in ("sveve", "link_mobility"):
        pytest.skip("a boolean, and codes that all mean failure")
    (item,) = read(case, case.report("vår-id", "nytt_ord"))
    assert isinstance(item, Unusable)


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.part])
def test_a_piece_says_its_place(name: str) -> None:
    case = CASES[name]
    assert case.part
    (item,) = read(case, case.part("to ", 2, 3))
    assert isinstance(item, Incoming)
    assert item.part == Part("77", 2, 3)
    assert item.text == "to "


@pytest.mark.parametrize("seed", range(40))
def test_nonsense_is_malformed_or_untrusted_and_never_a_crash(case: Case, seed: int) -> None:
    chance = random.Random(seed)
    names = ["id", "from", "text", "msisdn", "msg", "number", "messageId", "resultCode", "dlr", "status", "concat"]
    values: list[Any] = [None, "", "\x00", "\ud800", -1, 1e400, [], {}, {"a": []}, True, "9" * 400, "true"]
    fields = {name: chance.choice(values) for name in chance.sample(names, 6)}
    body = chance.choice([json.dumps(fields).encode(), chance.randbytes(60), b"[" * 5000, b"null", b"7"])
    texts = {name: str(value) for name, value in fields.items()}
    request = replace(raw(case.name, body=body), query=texts, form=texts if seed % 2 else {})
    checked = provider(case)
    for step in (lambda: checked.verify(request, NOW), lambda: checked.parse(request)):
        with contextlib.suppress(Malformed, Untrusted):
            step()


def test_the_answer_says_nothing_that_could_be_sent_on(case: Case) -> None:
    answer = provider(case).ok()
    assert answer.status == 200
    assert answer.body == "" or answer.content_type == "text/xml"
    for status in (400, 403, 503):
        assert provider(case).refuse(status).status == status
        assert provider(case).refuse(status).body == ""


def test_nothing_shows_number_text_or_secret_in_its_repr(case: Case) -> None:
    request = case.incoming("id-1", "grønnmerketord")
    outgoing = Outgoing("ut-1", NUMBER, "grønnmerketord")
    shown = [request, *read(case, request), outgoing, provider(case).call(outgoing), case.account]
    for thing in shown:
        assert "merketord" not in repr(thing)
        assert "90012345" not in repr(thing)
        assert PASSWORD not in repr(thing)
        assert CALLBACK not in repr(thing)


# Sending, over HTTP


class Far:
    """The provider's end: answers what it is told to, and remembers what it was asked."""

    def __init__(self) -> None:
        self.answer: tuple[int, str] = (200, "")
        self.hangs = False
        self.asked: list[str] = []
        self.url = ""

    async def handle(self, request: web.Request) -> web.Response:
        form = dict(await request.post()) if request.content_type != "application/json" else {}
        body = await request.json() if request.content_type == "application/json" else None
        self.asked.append(json.dumps([dict(request.query), form, body], ensure_ascii=False))
        if self.hangs:
            await asyncio.sleep(5)
        return web.Response(status=self.answer[0], text=self.answer[1])


@pytest.fixture
async def far() -> AsyncIterator[Far]:
    end = Far()
    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", end.handle)
    async with TestServer(app) as server:
        end.url = str(server.make_url("")).rstrip("/")
        yield end


MESSAGE = Outgoing("0123456789abcdef0123456789abcdef", NUMBER, "Vi hører deg. Er du trygg? æøå")


async def send(case: Case, url: str, outgoing: Outgoing = MESSAGE) -> Any:
    line = Line(0.5)
    try:
        return await PROVIDERS[case.name](replace(case.account, url=url), line).send(outgoing)
    finally:
        await line.close()


async def test_a_message_is_handed_over_whole_and_with_our_id(case: Case, far: Far) -> None:
    status, body, identifier = case.taken
    far.answer = (status, body)
    sent = await send(case, far.url)
    assert sent.failure is None
    assert sent.id == identifier
    (asked,) = far.asked
    assert MESSAGE.text in asked
    assert NUMBER.removeprefix("+") in asked
    assert MESSAGE.id in asked


async def test_a_failure_is_told_apart_by_whether_another_try_is_worth_it(case: Case, far: Far) -> None:
    for answers, kind in ((case.permanent, Failure.PERMANENT), (case.temporary, Failure.TEMPORARY)):
        assert answers
        for answer in answers:
            far.answer = answer
            sent = await send(case, far.url)
            assert (sent.failure, answer) == (kind, answer)
            assert sent.word


@pytest.mark.parametrize("answer", [(500, "krasj"), (502, ""), (429, ""), (200, "<html>"), (302, ""), (401, "{}")])
async def test_trouble_at_the_other_end_is_worth_another_try(case: Case, far: Far, answer: tuple[int, str]) -> None:
    far.answer = answer
    assert (await send(case, far.url)).failure is Failure.TEMPORARY


async def test_one_that_hangs_is_let_go(case: Case, far: Far) -> None:
    far.hangs = True
    sent = await send(case, far.url)
    assert (sent.failure, sent.word) == (Failure.TEMPORARY, "timeout")


async def test_one_that_is_not_there_is_worth_another_try(case: Case) -> None:
    assert (await send(case, "http://127.0.0.1:1")).failure is Failure.TEMPORARY


async def test_other_scripts_go_as_they_are(case: Case, far: Far) -> None:
    far.answer = case.taken[:2]
    await send(case, far.url, Outgoing("x" * 32, NUMBER, "Mun gulan du đŋŧž مرحبا"))
    assert "đŋŧž مرحبا" in far.asked[0]


async def test_the_log_of_a_send_holds_neither_number_nor_text(
    case: Case, far: Far, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    for far.answer in (case.taken[:2], *case.permanent, (500, MESSAGE.text)):
        await send(case, far.url)
    own = [record.getMessage() for record in caplog.records if record.name == "hjemvei.sms"]
    assert own
    for line in caplog.text.splitlines():
        assert "90012345" not in line
        assert "hører" not in line
        assert SECRET not in line


def test_a_provider_that_lacks_a_setting_says_which() -> None:
    with pytest.raises(SettingError, match="HJEMVEI_SMS_USER"):
        make(Settings(sms_provider="sveve", sms_password=Secret("x")), Line())
    with pytest.raises(SettingError, match="HJEMVEI_SMS_URL"):
        make(Settings(sms_provider="kannel", sms_user="a", sms_password=Secret("x"), sms_from="1"), Line())
