"""The service of staff: everything that the console and the command line do with accounts and sessions."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta, timezone

from bot.errors import LogInRefused, PasswordWeak, SessionOver, StaffError, StaffUnknown
from bot.staff import codes, passwords
from bot.staff.model import ROLES, TAKES_CASES, Limits, Session, Stage, Worker
from bot.storage.staff import Account, Deed, Entry, StaffStore

ATTEMPTS = 5
"""So many wrong passwords or codes in a row lock an account."""
LOCKED = timedelta(minutes=15)
SILENT = timedelta(seconds=60)
"""Somebody whose console has not been heard from for so long takes no cases."""
_NAME = re.compile(r"[a-zæøå0-9][a-zæøå0-9._-]{1,63}")
_LONGEST_SHOWN = 80


def _now() -> datetime:
    return datetime.now(timezone.utc)


class Staff:
    """Accounts, log-in, sessions, presence and the log. Raises StorageUnavailable when the database is away."""

    def __init__(self, store: StaffStore, limits: Limits | None = None, now: Callable[[], datetime] = _now) -> None:
        self._store = store
        self._limits = limits or Limits()
        self._now = now

    # Accounts

    async def add(
        self,
        name: str,
        shown: str,
        roles: Iterable[str],
        *,
        teams: Iterable[str] = (),
        password: str | None = None,
        by: str | None = None,
    ) -> str | None:
        """Make an account; answers the first-time password when none was given.

        Raises StaffExists, PasswordWeak, or StaffError with a sentence about the name or the roles.
        """
        name, shown, wanted = name.strip().lower(), shown.strip(), _checked(roles)
        if not _NAME.fullmatch(name):
            raise StaffError("Brukernavnet må ha 2–64 tegn: små bokstaver, tall, punktum, bindestrek og understrek.")
        if not 0 < len(shown) <= _LONGEST_SHOWN or not shown.isprintable():
            raise StaffError(f"Navnet som vises, må ha 1–{_LONGEST_SHOWN} tegn.")
        made = passwords.first_time() if password is None else None
        if password is not None:
            passwords.check(password, name)
        kept = await passwords.hashed(password if password is not None else str(made))
        account = await self._store.add(name, shown, wanted, tuple(teams), kept, first_time=made is not None)
        await self.record(by, "account_made", account.id)
        return made

    async def all(self) -> list[Account]:
        """Every account, closed ones too."""
        return await self._store.all()

    async def worker(self, identifier: str) -> Worker | None:
        """The one with this id, also when the account is closed."""
        account = await self._store.get(identifier)
        return _worker(account) if account else None

    async def set_roles(self, name: str, roles: Iterable[str], *, by: str | None = None) -> None:
        """Replace somebody's roles. Their sessions end at once when one is taken away."""
        account, wanted = await self._account(name), _checked(roles)
        await self._store.change(account.id, roles=wanted)
        if set(account.roles) - set(wanted):
            await self._store.end_all(account.id)
        await self.record(by, "roles_changed", account.id)

    async def close(self, name: str, *, by: str | None = None) -> None:
        """End an account and its sessions at once. Its name stays taken."""
        account = await self._account(name)
        await self._store.change(account.id, closed_at=self._now(), password="", secret=None, roles=[])
        await self._store.end_all(account.id)
        await self.record(by, "account_closed", account.id)

    async def reset(self, name: str, *, by: str | None = None) -> str:
        """Give a new first-time password, forget the one-time secret, unlock, and end all sessions."""
        account, made = await self._account(name), passwords.first_time()
        kept = await passwords.hashed(made)
        fresh = {"password": kept, "first_time": True, "secret": None, "enrolled": False, "last_step": 0}
        await self._store.change(account.id, **fresh, failures=0, locked_until=None)
        await self._store.end_all(account.id)
        await self.record(by, "account_reset", account.id)
        return made

    # Log-in

    async def log_in(self, name: str, password: str) -> tuple[str, Stage]:
        """The first half: answers a session's token and what it needs next. Raises LogInRefused."""
        account = await self._store.named(name.strip().lower())
        fits = await passwords.right(account.password if account else "", password)
        if account is None or account.closed:
            raise LogInRefused
        await self._attempt(account)
        if not fits:
            await self._failed(account)
            raise LogInRefused
        await self._store.forgive(account.id, ATTEMPTS)
        if passwords.outdated(account.password):
            await self._store.change(account.id, password=await passwords.hashed(password))
        stage, token = Stage.CODE if account.enrolled else Stage.ENROL, secrets.token_urlsafe(32)
        if stage is Stage.ENROL and account.secret is None:
            await self._store.change(account.id, secret=codes.new_secret())
        await self._store.start(account.id, stage.value, token, self._now())
        return token, stage

    async def enrolment(self, token: str) -> tuple[str, str]:
        """What has to be put into the app: a picture (a ``data:`` address) and the same in letters."""
        account = (await self._entry(token, Stage.ENROL)).account
        if account.secret is None:
            raise SessionOver
        return codes.picture(account.secret, account.name), codes.spelled(account.secret)

    async def enrol(self, token: str, code: str, password: str | None) -> str:
        """Confirm the app with its first code, and replace a first-time password. Answers the open session's token.

        Raises PasswordWeak, LogInRefused, SessionOver.
        """
        account = (await self._entry(token, Stage.ENROL)).account
        values = {}
        if account.first_time:
            passwords.check(password or "", account.name)
            if await passwords.right(account.password, password or ""):
                raise PasswordWeak("Velg et nytt passord, ikke det du fikk.")
            values = {"password": await passwords.hashed(password or ""), "first_time": False}
        opened = await self._open(account, token, code)
        if values:
            await self._store.change(account.id, **values)
        return opened

    async def give_code(self, token: str, code: str) -> str:
        """The second half: answers the token of the session that is now open. Raises LogInRefused, SessionOver."""
        return await self._open((await self._entry(token, Stage.CODE)).account, token, code)

    async def _open(self, account: Account, token: str, code: str) -> str:
        await self._attempt(account)
        step = codes.step_of(account.secret, code, self._now()) if account.secret else None
        if step is None or not await self._store.take_step(account.id, step):
            await self._failed(account)
            raise LogInRefused
        # A new token, so that one that was seen before the code was given opens nothing.
        fresh = secrets.token_urlsafe(32)
        await self._store.end(token)
        await self._store.start(account.id, Stage.OPEN.value, fresh, self._now())
        await self.record(account.id, "logged_in", account.id)
        return fresh

    async def log_out(self, token: str) -> None:
        """End the session, and presence with it."""
        entry = await self._store.entry(token)
        await self._store.end(token)
        if entry is not None and entry.stage == Stage.OPEN.value:
            await self._store.go(entry.account.id)
            await self.record(entry.account.id, "logged_out", entry.account.id)

    async def session(self, token: str, *, active: bool = True) -> Session:
        """The session that goes on, at whatever stage. ``active``: the person did something, so it goes on longer.

        Raises SessionOver.
        """
        entry = await self._entry(token)
        now = self._now()
        # Written once a minute at most: every look would otherwise be a write.
        if active and entry.stage == Stage.OPEN.value and now - entry.used_at > timedelta(minutes=1):
            await self._store.used(token, now)
        used = now if active else entry.used_at
        return Session(
            worker=_worker(entry.account),
            stage=Stage(entry.stage),
            first_time=entry.account.first_time,
            ends_at=used + self._limits.idle,
            over_at=entry.started_at + self._limits.absolute,
        )

    async def _entry(self, token: str, stage: Stage | None = None) -> Entry:
        entry = await self._store.entry(token)
        if entry is None or entry.account.closed or (stage is not None and entry.stage != stage.value):
            raise SessionOver
        now, half_way = self._now(), entry.stage != Stage.OPEN.value
        limit = self._limits.half_way if half_way else self._limits.absolute
        if now >= entry.started_at + limit or (not half_way and now >= entry.used_at + self._limits.idle):
            await self._store.end(token)
            raise SessionOver
        return entry

    async def _attempt(self, account: Account) -> None:
        now = self._now()
        if not await self._store.attempt(account.id, ATTEMPTS, now, now + LOCKED):
            raise LogInRefused

    async def _failed(self, account: Account) -> None:
        after = await self._store.get(account.id)
        if after is not None and after.locked_until is not None and after.locked_until > self._now():
            await self.record(account.id, "account_locked", account.id)

    # Presence

    async def come(self, worker: str) -> None:
        """From now they take cases."""
        await self._store.come(worker, self._now())
        await self.record(worker, "came", None)

    async def go(self, worker: str) -> None:
        """They take no more cases."""
        await self._store.go(worker)
        await self.record(worker, "went", None)

    async def heard(self, worker: str) -> bool:
        """Their console is heard from; answers whether they take cases."""
        return await self._store.heard(worker, self._now())

    async def present(self) -> list[Worker]:
        """Those who take cases now."""
        return [
            _worker(account)
            for account in await self._store.present(self._now() - SILENT)
            if set(TAKES_CASES) & set(account.roles)
        ]

    async def on_duty(self, team: str) -> bool:
        """Whether anybody takes this team's cases now."""
        return any(worker.serves(team) for worker in await self.present())

    async def staffed(self, team: str) -> bool:
        """Whether anybody at all has this team's cases as their work, present or not."""
        workers = [_worker(account) for account in await self.all() if not account.closed]
        return any(worker.may(*TAKES_CASES) and worker.serves(team) for worker in workers)

    # The log

    async def record(self, who: str | None, what: str, about: str | None) -> None:
        """Write in the log who did what to which case or account. Never a text."""
        await self._store.record(self._now(), who, what, about)

    async def log(self, limit: int = 200, before: int | None = None) -> list[tuple[int, Deed]]:
        """The newest lines, with their numbers to read on from."""
        return await self._store.log(limit, before)

    async def expire(self) -> None:
        """Remove sessions that are over and lines of the log that have been kept long enough."""
        now = self._now()
        limits = self._limits
        await self._store.expire(started=now - limits.absolute, used=now - limits.idle, logged=now - limits.log)

    async def _account(self, name: str) -> Account:
        account = await self._store.named(name.strip().lower())
        if account is None or account.closed:
            raise StaffUnknown(name)
        return account


def _worker(account: Account) -> Worker:
    return Worker(account.id, account.name, account.shown, frozenset(account.roles), account.teams)


def _checked(roles: Iterable[str]) -> list[str]:
    wanted = sorted(set(roles))
    unknown = [role for role in wanted if role not in ROLES]
    if unknown or not wanted:
        raise StaffError(f"Rollene er {', '.join(ROLES)}. Minst én må være med.")
    return wanted
