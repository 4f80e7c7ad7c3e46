from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta, timezone

import pyotp
import pytest
from sqlalchemy import text

from bot.errors import LogInRefused, PasswordWeak, SessionOver, StaffError, StaffExists, StaffUnknown
from bot.staff import Stage
from bot.staff.model import Limits
from bot.staff.service import ATTEMPTS, LOCKED, SILENT, Staff
from bot.storage.database import Database
from bot.storage.encryption import Vault
from bot.storage.staff import StaffStore

PASSWORD = "fjorten grønne epler"
WRONG = "femten grønne epler"


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime.now(timezone.utc)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, time: timedelta) -> None:
        self.now += time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def store(database: Database) -> AsyncIterator[StaffStore]:
    yield StaffStore(database, Vault(b"k" * 32))
    async with database.write() as connection:
        for table in ("staff_audit", "staff_presence", "staff_sessions", "staff"):
            await connection.execute(text(f"DELETE FROM {table}"))


@pytest.fixture
def staff(store: StaffStore, clock: Clock) -> Staff:
    return Staff(store, Limits(), clock)


async def code_of(store: StaffStore, name: str, at: datetime) -> str:
    account = await store.named(name)
    assert account
    assert account.secret
    return pyotp.TOTP(account.secret).at(at)


async def enrolled(staff: Staff, store: StaffStore, clock: Clock, name: str = "kari", *roles: str) -> str:
    """An account that has logged in once; answers its open session."""
    await staff.add(name, name.title(), roles or ("helpline",), password=PASSWORD)
    token, stage = await staff.log_in(name, PASSWORD)
    assert stage is Stage.ENROL
    return await staff.enrol(token, await code_of(store, name, clock.now), None)


async def test_a_first_time_password_is_replaced_and_the_codes_set_up(
    staff: Staff, store: StaffStore, clock: Clock
) -> None:
    given = await staff.add("Kari", "Kari N.", ["helpline"])
    assert given
    token, stage = await staff.log_in("kari", given)
    assert stage is Stage.ENROL
    picture, spelled = await staff.enrolment(token)
    account = await store.named("kari")
    assert account
    assert account.secret == spelled.replace(" ", "")
    assert picture.startswith("data:image/svg+xml")
    code = await code_of(store, "kari", clock.now)
    for weak in ("kort", "kari kari kari kari", "aaaaaaaaaaaaaa", given):
        with pytest.raises(PasswordWeak):
            await staff.enrol(token, code, weak)
    opened = await staff.enrol(token, code, PASSWORD)
    session = await staff.session(opened)
    assert (session.stage, session.worker.shown) == (Stage.OPEN, "Kari N.")
    with pytest.raises(LogInRefused):
        await staff.log_in("kari", given)
    with pytest.raises(SessionOver):
        await staff.session(token)


async def test_a_password_alone_opens_nothing(staff: Staff, store: StaffStore, clock: Clock) -> None:
    await enrolled(staff, store, clock)
    token, stage = await staff.log_in("kari", PASSWORD)
    assert stage is Stage.CODE
    assert (await staff.session(token)).stage is Stage.CODE
    with pytest.raises(SessionOver):
        await staff.enrolment(token)
    with pytest.raises(SessionOver):
        await staff.enrol(token, await code_of(store, "kari", clock.now), None)


async def test_a_code_is_taken_once(staff: Staff, store: StaffStore, clock: Clock) -> None:
    await enrolled(staff, store, clock)
    token, _ = await staff.log_in("kari", PASSWORD)
    with pytest.raises(LogInRefused):
        await staff.give_code(token, await code_of(store, "kari", clock.now))
    clock.pass_by(timedelta(seconds=30))
    code = await code_of(store, "kari", clock.now)
    other, _ = await staff.log_in("kari", PASSWORD)
    results = await asyncio.gather(staff.give_code(token, code), staff.give_code(other, code), return_exceptions=True)
    assert sorted(type(result) for result in results if isinstance(result, Exception)) == [LogInRefused]
    late, _ = await staff.log_in("kari", PASSWORD)
    with pytest.raises(LogInRefused):
        await staff.give_code(late, await code_of(store, "kari", clock.now - timedelta(seconds=30)))


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "１２３４５６", "123456789"])
async def test_what_is_no_code_is_refused(staff: Staff, store: StaffStore, clock: Clock, code: str) -> None:
    await enrolled(staff, store, clock)
    token, _ = await staff.log_in("kari", PASSWORD)
    with pytest.raises(LogInRefused):
        await staff.give_code(token, code)


async def test_an_account_is_locked_after_wrong_passwords_and_opens_again(
    staff: Staff, store: StaffStore, clock: Clock
) -> None:
    await enrolled(staff, store, clock)
    for _ in range(ATTEMPTS):
        with pytest.raises(LogInRefused):
            await staff.log_in("kari", WRONG)
    with pytest.raises(LogInRefused):
        await staff.log_in("kari", PASSWORD)
    clock.pass_by(LOCKED + timedelta(seconds=1))
    _, stage = await staff.log_in("kari", PASSWORD)
    assert stage is Stage.CODE
    assert [deed.what for _, deed in await staff.log()].count("account_locked") == 1


async def test_the_right_password_gives_no_new_guesses_at_the_code(
    staff: Staff, store: StaffStore, clock: Clock
) -> None:
    await enrolled(staff, store, clock)
    clock.pass_by(timedelta(minutes=1))
    for _ in range(ATTEMPTS):
        token, _ = await staff.log_in("kari", PASSWORD)
        with pytest.raises(LogInRefused):
            await staff.give_code(token, "000000")
    with pytest.raises(LogInRefused):
        await staff.log_in("kari", PASSWORD)
    with pytest.raises(LogInRefused):
        await staff.give_code(token, await code_of(store, "kari", clock.now))


async def test_many_attempts_at_once_are_no_more_than_one_after_another(
    staff: Staff, store: StaffStore, clock: Clock
) -> None:
    await enrolled(staff, store, clock)
    token, _ = await staff.log_in("kari", PASSWORD)
    clock.pass_by(timedelta(minutes=1))
    wrong = [staff.give_code(token, f"{number:06d}") for number in range(2 * ATTEMPTS)]
    await asyncio.gather(*wrong, return_exceptions=True)
    with pytest.raises(LogInRefused):
        await staff.give_code(token, await code_of(store, "kari", clock.now))


async def test_an_unknown_name_and_a_closed_account_are_refused_alike(
    staff: Staff, store: StaffStore, clock: Clock
) -> None:
    opened = await enrolled(staff, store, clock)
    await staff.close("kari")
    with pytest.raises(SessionOver):
        await staff.session(opened)
    for name in ("kari", "ingen"):
        with pytest.raises(LogInRefused):
            await staff.log_in(name, PASSWORD)
    with pytest.raises(StaffUnknown):
        await staff.reset("kari")
    with pytest.raises(StaffExists):
        await staff.add("kari", "En annen", ["helpline"])


async def test_a_session_ends_when_a_role_is_taken_away_but_not_when_one_is_given(
    staff: Staff, store: StaffStore, clock: Clock
) -> None:
    opened = await enrolled(staff, store, clock)
    await staff.come((await staff.session(opened)).worker.id)
    await staff.set_roles("kari", ["helpline", "leader"])
    assert (await staff.session(opened)).worker.may("leader")
    await staff.set_roles("kari", ["leader"])
    with pytest.raises(SessionOver):
        await staff.session(opened)
    assert await staff.present() == []


async def test_a_session_ends_when_nothing_is_done_and_in_the_end_anyhow(
    staff: Staff, store: StaffStore, clock: Clock
) -> None:
    opened, limits = await enrolled(staff, store, clock), Limits()
    for _ in range(3):
        clock.pass_by(limits.idle - timedelta(minutes=5))
        await staff.session(opened)
    clock.pass_by(limits.idle - timedelta(minutes=5))
    # What the page does by itself keeps nothing open.
    left = (await staff.session(opened, active=False)).ends_at - clock.now
    assert left == timedelta(minutes=5)
    clock.pass_by(timedelta(minutes=6))
    with pytest.raises(SessionOver):
        await staff.session(opened)
    again, _ = await staff.log_in("kari", PASSWORD)
    opened = await staff.give_code(again, await code_of(store, "kari", clock.now))
    for _ in range(13):
        clock.pass_by(timedelta(minutes=55))
        await staff.session(opened)
    clock.pass_by(timedelta(minutes=6))
    with pytest.raises(SessionOver):
        await staff.session(opened)


async def test_a_password_without_its_code_is_soon_worth_nothing(staff: Staff, store: StaffStore, clock: Clock) -> None:
    await enrolled(staff, store, clock)
    token, _ = await staff.log_in("kari", PASSWORD)
    clock.pass_by(Limits().half_way)
    with pytest.raises(SessionOver):
        await staff.give_code(token, await code_of(store, "kari", clock.now))


async def test_reset_ends_sessions_unlocks_and_starts_anew(staff: Staff, store: StaffStore, clock: Clock) -> None:
    opened = await enrolled(staff, store, clock)
    before = await store.named("kari")
    made = await staff.reset("kari")
    with pytest.raises(SessionOver):
        await staff.session(opened)
    token, stage = await staff.log_in("kari", made)
    assert stage is Stage.ENROL
    after = await store.named("kari")
    assert before
    assert after
    assert after.secret not in (None, before.secret)
    clock.pass_by(timedelta(seconds=30))
    assert await staff.enrol(token, await code_of(store, "kari", clock.now), PASSWORD)


async def test_only_those_who_are_heard_from_are_at_work(staff: Staff, store: StaffStore, clock: Clock) -> None:
    opened = await enrolled(staff, store, clock)
    worker = (await staff.session(opened)).worker
    assert not await staff.heard(worker.id)
    assert not await staff.on_duty("kompetanseteamet")
    await asyncio.gather(staff.come(worker.id), staff.come(worker.id))
    assert [one.id for one in await staff.present()] == [worker.id]
    assert await staff.on_duty("kompetanseteamet")
    clock.pass_by(SILENT)
    assert await staff.present() == []
    assert await staff.heard(worker.id)
    assert len(await staff.present()) == 1
    await staff.log_out(opened)
    assert await staff.present() == []


async def test_a_worker_of_one_team_answers_for_no_other(staff: Staff, store: StaffStore, clock: Clock) -> None:
    await staff.add("ola", "Ola", ["helpline"], teams=["natt"], password=PASSWORD)
    account = await store.named("ola")
    assert account
    await staff.come(account.id)
    assert await staff.on_duty("natt")
    assert not await staff.on_duty("dag")


async def test_who_may_not_take_cases_is_not_on_duty(staff: Staff, store: StaffStore, clock: Clock) -> None:
    opened = await enrolled(staff, store, clock, "red", "editor")
    await staff.come((await staff.session(opened)).worker.id)
    assert await staff.present() == []


@pytest.mark.parametrize(
    ("name", "shown", "roles"),
    [("x", "X", ["helpline"]), ("kari n", "K", ["helpline"]), ("kari", " ", ["helpline"]), ("kari", "K", ["sjef"]), ("kari", "K", [])],
)  # fmt: skip
async def test_an_account_that_cannot_be_is_refused_with_a_sentence(staff: Staff, name: str, shown: str, roles: list[str]) -> None:  # fmt: skip
    with pytest.raises(StaffError, match=r"\.$"):
        await staff.add(name, shown, roles)


async def test_the_database_holds_neither_password_nor_secret_nor_session(
    staff: Staff, store: StaffStore, clock: Clock, database: Database
) -> None:
    opened = await enrolled(staff, store, clock)
    account = await store.named("kari")
    assert account
    async with database.read() as connection:
        kept = ""
        for table in ("staff_audit", "staff_presence", "staff_sessions", "staff"):
            kept += repr((await connection.execute(text(f"SELECT * FROM {table}"))).all())
    for secret in (PASSWORD, account.secret, opened):
        assert str(secret) not in kept
    assert "$argon2id$" in kept


async def test_sessions_that_are_over_and_old_lines_of_the_log_are_removed(
    staff: Staff, store: StaffStore, clock: Clock, database: Database
) -> None:
    await enrolled(staff, store, clock)
    clock.pass_by(Limits().log + timedelta(days=1))
    await staff.expire()
    async with database.read() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM staff_sessions"))).scalar() == 0
        assert (await connection.execute(text("SELECT count(*) FROM staff_audit"))).scalar() == 0


def test_passwords_are_kept_at_full_strength(strength_of_passwords: int) -> None:
    # OWASP's least for Argon2id is 19 MiB; the product's is 64.
    assert strength_of_passwords >= 64 * 1024
