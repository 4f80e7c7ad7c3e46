"""Alerts reach those on duty, say nothing of anybody, and never cost a case."""

from __future__ import annotations

import asyncio
import json
import logging
import ssl
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from bot.channels import signing
from bot.channels.alerts.email import Email
from bot.channels.alerts.model import Alert, Receiver, receivers
from bot.channels.alerts.service import Alerts
from bot.channels.alerts.sms import Sms, through
from bot.channels.alerts.webhook import Webhook
from bot.channels.delivery import SCHEDULES, Courier, Schedule
from bot.channels.sms.model import Failure, Outgoing, Sent
from bot.errors import Undelivered
from bot.handoff.case import Case, State
from bot.storage.alerts import ALERT, Outbox, Parcel
from bot.storage.database import Database
from tests.channels.certificates import write_certificate
from tests.channels.desk import process
from tests.storage.conftest import free_port

NOW = datetime(2026, 11, 28, 22, 0, tzinfo=timezone.utc)
LINK = "https://hjelp.eksempel.no/konsoll"
CASE = Case("sak1", "samtale1", "web", State.WAITING, "vakt", "acute", NOW, NOW, NOW, NOW)
SECRET = "en-hemmelighet-til-prøven"
ALERTED = Alert("alert:sak1:0:0:new:email:1", "sak1", "vakt", urgent=True, again=False, link=LINK)


@dataclass
class Way:
    """A way of alerting that remembers, and fails as often as it is told to."""

    name: str = "sms"
    receivers: Sequence[Receiver] = (Receiver("+4790000001"),)
    fails: int = 0
    hangs: bool = False
    sent: list[tuple[Alert, Receiver]] = field(default_factory=list)
    tries: int = 0

    async def send(self, alert: Alert, receiver: Receiver) -> None:
        self.tries += 1
        if self.hangs:
            await asyncio.sleep(60)
        if self.tries <= self.fails:
            raise Undelivered("http_500")
        self.sent.append((alert, receiver))


def _alerts(database: Database, *ways: Any) -> tuple[Alerts, Outbox]:
    outbox = Outbox(database)
    return Alerts(outbox, ways, LINK), outbox


class _Time:
    def __init__(self) -> None:
        # What was put in the outbox a moment ago is due.
        self.now = datetime.now(timezone.utc) + timedelta(seconds=1)

    def __call__(self) -> datetime:
        return self.now


async def _round(courier: Courier) -> None:
    while await courier.start_due():
        await courier.settle()


async def test_everybody_on_duty_is_told_once(database: Database) -> None:
    way = Way(receivers=receivers(["+4790000001", "natt=+4790000002", "vakt=+4790000003"]))
    alerts, outbox = _alerts(database, way)
    await alerts.case_waits(CASE, again=False)
    await alerts.case_waits(CASE, again=False)
    await _round(Courier(outbox, alerts.routes()))
    assert [receiver.address for _, receiver in way.sent] == ["+4790000001", "+4790000003"]
    assert {alert.text for alert, _ in way.sent} == {f"Ny hastesak venter. {LINK}"}


@pytest.mark.parametrize(
    ("urgency", "again", "said"),
    [
        ("acute", False, "Ny hastesak venter"),
        ("urgent", True, "En hastesak venter fortsatt"),
        ("concern", False, "Ny sak venter"),
        ("none", True, "En sak venter fortsatt"),
    ],
)
async def test_what_an_alert_says(sqlite: Database, urgency: str, again: bool, said: str) -> None:
    way = Way()
    alerts, outbox = _alerts(sqlite, way)
    case = Case("sak1", "samtale1", "web", State.WAITING, "vakt", urgency, NOW, NOW, NOW, NOW)
    await alerts.case_waits(case, again=again)
    await _round(Courier(outbox, alerts.routes()))
    assert way.sent[0][0].subject == said


async def test_an_escalation_alerts_again(sqlite: Database) -> None:
    way = Way()
    alerts, outbox = _alerts(sqlite, way)
    async with process(sqlite, lambda store: []) as desk:
        desk.cases.alerts = alerts
        waiting = await desk.waiting()
        await _round(Courier(outbox, alerts.routes()))
        desk.clock.ahead = timedelta(minutes=6)
        desk.cases.on_duty = _somebody
        await desk.cases.tick()
        await _round(Courier(outbox, alerts.routes()))
    assert [(alert.case, alert.again) for alert, _ in way.sent] == [(waiting.id, False), (waiting.id, True)]


async def _somebody(team: str) -> bool:
    return True


async def test_a_failing_way_is_tried_again_with_growing_waits(database: Database) -> None:
    way, at = Way(fails=3), _Time()
    alerts, outbox = _alerts(database, way)
    await alerts.case_waits(CASE, again=False)
    courier = Courier(outbox, alerts.routes(), now=at)
    tried = []
    begun = at.now
    for second in range(60):
        at.now = begun + timedelta(seconds=second)
        before = way.tries
        await _round(courier)
        tried += [second] * (way.tries - before)
    assert tried == [0, 5, 20, 50]
    assert len(way.sent) == 1


async def test_after_the_limit_it_is_given_up_and_shown(database: Database) -> None:
    way, at = Way(fails=1000), _Time()
    alerts, outbox = _alerts(database, way)
    await alerts.case_waits(CASE, again=False)
    outcomes: list[str] = []
    courier = Courier(outbox, alerts.routes(), now=at)
    courier.count = lambda kind, channel, outcome: outcomes.append(outcome)
    await _round(courier)
    shown = (await alerts.failures())[0]
    assert (shown.channel, shown.receiver, shown.error, shown.given_up) == ("sms", 1, "http_500", False)
    for _ in range(40):
        at.now += timedelta(minutes=1)
        await _round(courier)
    assert outcomes[-1] == "failed"
    assert 5 < len(outcomes) < 15
    shown = (await alerts.failures())[0]
    assert shown.given_up
    assert shown.attempts == len(outcomes)
    assert "+47" not in repr(shown)


async def test_one_way_that_hangs_does_not_hold_up_another(sqlite: Database) -> None:
    slow, quick = Way("email", hangs=True), Way("sms")
    alerts, outbox = _alerts(sqlite, slow, quick)
    await alerts.case_waits(CASE, again=False)
    courier = Courier(outbox, alerts.routes(), timeout_s=0.3)
    await courier.start_due()
    await asyncio.sleep(0.15)
    assert len(quick.sent) == 1
    await courier.settle()
    assert [(f.channel, f.error) for f in await alerts.failures()] == [("email", "timeout")]


async def test_several_processes_send_each_alert_once(database: Database) -> None:
    way = Way()
    alerts, _ = _alerts(database, way)
    for number in range(30):
        case = Case(f"sak{number}", None, "web", State.WAITING, "vakt", "acute", NOW, NOW, NOW, NOW)
        await alerts.case_waits(case, again=False)
    couriers = [Courier(Outbox(Database(database.address)), alerts.routes()) for _ in range(3)]
    for _ in range(10):
        await asyncio.gather(*(courier.start_due() for courier in couriers))
        await asyncio.gather(*(courier.settle() for courier in couriers))
    assert sorted(alert.case for alert, _ in way.sent) == sorted(f"sak{n}" for n in range(30))
    for courier in couriers:
        await courier._outbox._database.close()


async def test_what_a_process_left_behind_is_sent_by_another(database: Database) -> None:
    way = Way()
    alerts, _ = _alerts(database, way)
    dead, alive = Outbox(database, lease=timedelta(seconds=30)), Outbox(database)
    await alerts.case_waits(CASE, again=False)
    now = datetime.now(timezone.utc)
    assert len(await dead.claim(now, [(ALERT, "sms")])) == 1
    assert await alive.claim(now, [(ALERT, "sms")]) == []
    later = _Time()
    later.now = now + timedelta(seconds=31)
    await _round(Courier(alive, alerts.routes(), now=later))
    assert len(way.sent) == 1


async def test_a_lane_goes_out_in_order_even_when_the_first_fails(database: Database) -> None:
    outbox, now = Outbox(database), datetime.now(timezone.utc)
    await outbox.add([Parcel(f"k{n}", "felles", ALERT, "sms", "sak1", "waits", line=n) for n in range(3)], now)
    ready = [(ALERT, "sms")]
    first = await outbox.claim(now, ready)
    assert [parcel.line for parcel in first] == [0]
    assert await outbox.claim(now, ready) == []
    await outbox.again(first[0], "timeout", now + timedelta(seconds=5))
    assert await outbox.claim(now, ready) == []
    second = await outbox.claim(now + timedelta(seconds=6), ready)
    assert [parcel.line for parcel in second] == [0]
    await outbox.sent(second[0], now)
    assert [parcel.line for parcel in await outbox.claim(now + timedelta(seconds=6), ready)] == [1]


async def test_nobody_is_told_of_a_case_that_is_taken_already(sqlite: Database) -> None:
    way = Way(fails=1)
    alerts, outbox = _alerts(sqlite, way)
    still = True

    async def waits(case: str) -> bool:
        return still

    alerts.waits = waits
    await alerts.case_waits(CASE, again=False)
    at = _Time()
    courier = Courier(outbox, alerts.routes(), now=at)
    await _round(courier)
    still, at.now = False, at.now + timedelta(seconds=6)
    await _round(courier)
    assert (way.tries, way.sent) == (1, [])
    assert await alerts.failures() == []


async def test_a_database_that_is_away_stops_nothing_for_good(sqlite: Database) -> None:
    gone = Outbox(Database("postgresql+asyncpg://nobody@127.0.0.1:1/nothing"))
    courier = Courier(gone, Alerts(gone, [Way()], LINK).routes())
    assert await courier.start_due() == 0
    working = asyncio.create_task(courier.run())
    await asyncio.sleep(0.1)
    assert not working.done()
    working.cancel()


async def test_the_outbox_holds_no_address(sqlite: Database) -> None:
    alerts, _ = _alerts(sqlite, Way(), Way("email", receivers(["vakt@eksempel.no"])))
    await alerts.case_waits(CASE, again=False)
    async with sqlite.read() as connection:
        rows = str((await connection.exec_driver_sql("SELECT * FROM outbox")).all())
    assert "+47" not in rows
    assert "@" not in rows


async def test_what_is_done_is_removed_after_a_week(sqlite: Database) -> None:
    way, at = Way(), _Time()
    alerts, outbox = _alerts(sqlite, way)
    await alerts.case_waits(CASE, again=False)
    courier = Courier(outbox, alerts.routes(), now=at)
    await _round(courier)
    for days, left in ((6, 1), (8, 0)):
        at.now = datetime.now(timezone.utc) + timedelta(days=days)
        await courier.expire()
        async with sqlite.read() as connection:
            assert len((await connection.exec_driver_sql("SELECT number FROM outbox")).all()) == left


def test_a_schedule_ends() -> None:
    schedule = Schedule((1.0, 10.0), timedelta(seconds=30))
    tried = Parcel("k", "l", ALERT, "sms", "c", "waits", attempts=1, created_at=NOW)
    assert schedule.next(tried, NOW) == NOW + timedelta(seconds=1)
    assert schedule.next(Parcel(**{**tried.__dict__, "attempts": 9}), NOW) == NOW + timedelta(seconds=10)
    assert schedule.next(tried, NOW + timedelta(seconds=30)) is None
    assert all(schedule.waits_s == tuple(sorted(schedule.waits_s)) for schedule in SCHEDULES.values())


# E-mail, against a real SMTP server on loopback.


class _Mailbox:
    def __init__(self) -> None:
        self.letters: list[Any] = []
        self.answer = "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.answer.startswith("250"):
            self.letters.append((session.ssl is not None, envelope))
        return self.answer


@asynccontextmanager
async def _mail_server(mailbox: _Mailbox, *, tls: ssl.SSLContext | None, direct: bool = False) -> AsyncIterator[int]:
    def log_in(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        right = isinstance(data, LoginPassword) and data.password == b"passord"
        return AuthResult(success=right, handled=False)

    def factory() -> SMTP:
        return SMTP(
            mailbox,
            tls_context=None if direct else tls,
            require_starttls=tls is not None and not direct,
            authenticator=log_in,
            auth_required=tls is not None,
            auth_require_tls=not direct,
        )

    port = free_port()
    server = await asyncio.get_running_loop().create_server(factory, "127.0.0.1", port, ssl=tls if direct else None)
    try:
        yield port
    finally:
        server.close()


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    certificate, key = write_certificate(tmp_path, "localhost")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


@pytest.mark.parametrize(("scheme", "direct"), [("smtp", False), ("smtps", True)])
async def test_an_alert_goes_by_e_mail_over_tls_with_a_password(tls: ssl.SSLContext, scheme: str, direct: bool) -> None:
    mailbox = _Mailbox()
    async with _mail_server(mailbox, tls=tls, direct=direct) as port:
        way = Email(f"{scheme}://vakt:passord@127.0.0.1:{port}", "hjemvei@eksempel.no", [])
        await way.send(ALERTED, Receiver("lege@eksempel.no"))
    ((encrypted, envelope),) = mailbox.letters
    assert encrypted or direct
    assert envelope.rcpt_tos == ["lege@eksempel.no"]
    letter = envelope.content.decode()
    assert "Subject: Ny hastesak venter" in letter
    assert LINK in letter
    assert "Auto-Submitted: auto-generated" in letter
    assert "Message-ID: <alert.sak1.0.0.new.email.1@eksempel.no>" in letter


async def test_a_password_is_never_sent_without_encryption(tls: ssl.SSLContext) -> None:
    mailbox = _Mailbox()
    async with _mail_server(mailbox, tls=None) as port:
        way = Email(f"smtp://vakt:passord@127.0.0.1:{port}", "hjemvei@eksempel.no", [])
        with pytest.raises(Undelivered):
            await way.send(ALERTED, Receiver("lege@eksempel.no"))
    assert mailbox.letters == []


async def test_a_server_with_a_foreign_certificate_gets_nothing(
    tls: ssl.SSLContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    monkeypatch.setenv("SSL_CERT_FILE", str(write_certificate(other, "localhost")[0]))
    mailbox = _Mailbox()
    async with _mail_server(mailbox, tls=tls) as port:
        with pytest.raises(Undelivered):
            await Email(f"smtp://vakt:passord@127.0.0.1:{port}", "a@b.no", []).send(ALERTED, Receiver("x@y.no"))
    assert mailbox.letters == []


@pytest.mark.parametrize(
    ("address", "answer", "code"),
    [("vakt:feil", "250 OK", "smtp_535"), ("vakt:passord", "451 hemmeligord", "smtp_451")],
)
async def test_a_mail_server_that_refuses_is_told_by_its_code_alone(
    tls: ssl.SSLContext, address: str, answer: str, code: str
) -> None:
    mailbox = _Mailbox()
    mailbox.answer = answer
    async with _mail_server(mailbox, tls=tls) as port:
        with pytest.raises(Undelivered) as raised:
            await Email(f"smtp://{address}@127.0.0.1:{port}", "a@b.no", []).send(ALERTED, Receiver("x@y.no"))
    assert raised.value.code == code


async def test_a_mail_server_that_is_away(tls: ssl.SSLContext) -> None:
    with pytest.raises(Undelivered) as raised:
        await Email(f"smtps://127.0.0.1:{free_port()}", "a@b.no", []).send(ALERTED, Receiver("x@y.no"))
    assert raised.value.code == "connection"


# Webhook


@asynccontextmanager
async def _system(answer: web.Response | None, got: list[tuple[str, bytes]]) -> AsyncIterator[str]:
    async def take(request: web.Request) -> web.Response:
        got.append((request.headers[signing.HEADER], await request.read()))
        if answer is None:
            await asyncio.sleep(30)
        return answer or web.Response()

    app = web.Application()
    app.router.add_post("/varsel", take)
    async with TestServer(app) as server:
        yield str(server.make_url("/varsel"))


async def test_a_webhook_is_signed_and_says_nothing_of_anybody() -> None:
    got: list[tuple[str, bytes]] = []
    async with _system(web.Response(status=204), got) as address:
        way = Webhook([SECRET, "en-gammel-hemmelighet"], [])
        await way.send(ALERTED, Receiver(address))
        await way.close()
    ((header, body),) = got
    signing.verify([SECRET], header, body, int(time.time()))
    signing.verify(["en-gammel-hemmelighet"], header, body, int(time.time()))
    assert json.loads(body) == {
        "id": ALERTED.key,
        "event": "case.waits",
        "case": "sak1",
        "team": "vakt",
        "urgent": True,
        "again": False,
        "text": "Ny hastesak venter",
        "link": LINK,
    }


@pytest.mark.parametrize(("status", "code"), [(500, "http_500"), (401, "http_401"), (302, "http_302")])
async def test_a_webhook_that_is_refused(status: int, code: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    got: list[tuple[str, bytes]] = []
    refusal = web.Response(status=status, text="hemmeligord", headers={"Location": "http://127.0.0.1/annet"})
    async with _system(refusal, got) as address:
        way = Webhook([SECRET], [])
        with pytest.raises(Undelivered) as raised:
            await way.send(ALERTED, Receiver(address))
        await way.close()
    assert raised.value.code == code
    assert "hemmeligord" not in caplog.text


class _Carrier:
    """A provider of text messages that says yes, or no."""

    def __init__(self, answer: Sent) -> None:
        self.answer, self.sent = answer, []  # type: ignore[var-annotated]

    async def send(self, outgoing: Outgoing) -> Sent:
        self.sent.append(outgoing)
        return self.answer


async def test_sms_goes_through_the_sms_channel_in_one_part() -> None:
    carrier = _Carrier(Sent("id1"))
    await Sms(through(carrier), []).send(ALERTED, Receiver("+4790000001"))  # type: ignore[arg-type]
    ((sent),) = carrier.sent
    assert (sent.to, sent.text, sent.parts) == ("+4790000001", f"Ny hastesak venter. {LINK}", 1)


async def test_sms_that_is_not_taken_is_tried_again() -> None:
    carrier = _Carrier(Sent(failure=Failure.TEMPORARY, word="http_503"))
    with pytest.raises(Undelivered) as raised:
        await Sms(through(carrier), []).send(ALERTED, Receiver("+4790000001"))  # type: ignore[arg-type]
    assert raised.value.code == "http_503"
