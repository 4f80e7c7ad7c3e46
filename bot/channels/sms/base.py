"""What every provider has in common: time limits, counting, logging, and how a failure is judged.

A provider's module says what its requests look like; it opens no connection and writes no log.
"""

from __future__ import annotations

import base64
import binascii
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Protocol
from urllib.parse import urlencode

import aiohttp

from bot.channels.signing import matches
from bot.channels.sms.model import Answer, Failure, Item, Malformed, Outgoing, Raw, Sent, Untrusted
from bot.errors import SettingError
from bot.settings import Settings

logger = logging.getLogger("hjemvei.sms")

TIMEOUT_S = 8.0
_MOST_BYTES = 64 * 1024


class Observer(Protocol):
    """Counts what happens. No label ever holds a number, a text or an id."""

    def sms(self, event: str, word: str) -> None: ...

    def sms_seconds(self, what: str, seconds: float) -> None: ...


class Unobserved:
    """Counts nothing."""

    def sms(self, event: str, word: str) -> None: ...

    def sms_seconds(self, what: str, seconds: float) -> None: ...


@dataclass(frozen=True)
class Account:
    """What the settings say of the provider, in the form that its module needs."""

    sender: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    callback_user: str = ""
    callback_password: str = field(default="", repr=False)
    url: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    public_url: str = ""
    secret: str = field(default="", repr=False)
    minutes: int = 60
    """How long the network may go on trying to reach the phone."""

    @classmethod
    def of(cls, settings: Settings) -> Account:
        return cls(
            sender=settings.sms_from,
            user=settings.sms_user,
            password=settings.sms_password.reveal(),
            callback_user=settings.sms_callback_user,
            callback_password=settings.sms_callback_password.reveal(),
            url=settings.sms_url,
            options=settings.sms_options,
            public_url=settings.public_url,
            secret=settings.sms_secret.reveal(),
            minutes=settings.sms_answer_minutes,
        )


@dataclass(frozen=True)
class Call:
    """A request that hands a message over."""

    url: str
    method: str = "POST"
    query: Mapping[str, str] | None = field(default=None, repr=False)
    form: Mapping[str, str] | None = field(default=None, repr=False)
    json: Any = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    user: str = ""
    password: str = field(default="", repr=False)


class Line:
    """The connection to the provider, opened at first use and shared by all messages."""

    def __init__(self, timeout_s: float = TIMEOUT_S) -> None:
        self._timeout = aiohttp.ClientTimeout(total=timeout_s)
        self._session: aiohttp.ClientSession | None = None

    async def request(self, call: Call) -> tuple[int, str]:
        """Status and body. Raises aiohttp.ClientError, OSError or TimeoutError."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=self._timeout, cookie_jar=aiohttp.DummyCookieJar())
        headers = {**call.headers, **({"Authorization": _basic(call.user, call.password)} if call.user else {})}
        async with self._session.request(
            call.method,
            call.url,
            params=call.query,
            data=call.form,
            json=call.json,
            headers=headers,
            allow_redirects=False,
        ) as response:
            body = await response.content.read(_MOST_BYTES)
            return response.status, body.decode("utf-8", "replace")

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None


class HttpProvider:
    """A provider that takes messages by HTTP. Its module fills in ``parse``, ``call`` and ``read``."""

    name: ClassVar[str]
    published_url: ClassVar[str] = ""
    """Where it takes messages, when every customer uses the same address."""
    needs: ClassVar[tuple[str, ...]] = ("user", "password")
    """The fields of the account that it cannot send without."""
    options: ClassVar[tuple[str, ...]] = ()

    def __init__(self, account: Account, line: Line, observer: Observer | None = None) -> None:
        self.account = account
        self.observer: Observer = observer or Unobserved()
        self._line = line
        missing = [f"HJEMVEI_SMS_{name.upper()}" for name in self.needs if not getattr(account, name)]
        if not (account.url or self.published_url):
            missing.append("HJEMVEI_SMS_URL")
        missing += [f"HJEMVEI_SMS_OPTIONS={name}=…" for name in self.options if not account.options.get(name)]
        if missing:
            raise SettingError(f"SMS med {self.name} trenger også {', '.join(missing)}. Se docs/sms.md.")

    @property
    def url(self) -> str:
        return self.account.url or self.published_url

    def report_url(self, reference: str) -> str:
        """The address that delivery reports of one message are to come to; empty when ours is not set."""
        if not self.account.public_url:
            return ""
        query = urlencode({"ref": reference})
        return f"{self.account.public_url}/sms/{self.name}/{self.account.secret}?{query}"

    def verify(self, raw: Raw, now: datetime) -> None:
        """Where a provider signs nothing, the secret in the address has been checked already."""

    def parse(self, raw: Raw) -> list[Item]:
        raise NotImplementedError

    def ok(self) -> Answer:
        return Answer(200)

    def refuse(self, status: int) -> Answer:
        return Answer(status, headers={"Retry-After": "30"} if status == 503 else {})

    def call(self, outgoing: Outgoing) -> Call:
        """The request that hands the message over."""
        raise NotImplementedError

    def read(self, status: int, body: str) -> Sent:
        """What the answer to it means, when the status alone does not say. Raises what an unexpected body raises."""
        raise NotImplementedError

    async def send(self, outgoing: Outgoing) -> Sent:
        """Hand one message over, within TIMEOUT_S."""
        started = time.monotonic()
        try:
            status, body = await self._line.request(self.call(outgoing))
            sent = self._judge(status, body)
        except TimeoutError:
            sent = Sent(failure=Failure.TEMPORARY, word="timeout")
        except (aiohttp.ClientError, OSError) as error:
            sent = Sent(failure=Failure.TEMPORARY, word=type(error).__name__)
        seconds = time.monotonic() - started
        word = sent.word if sent.failure else "taken"
        self.observer.sms("sent" if not sent.failure else f"not_sent_{sent.failure.value}", word)
        self.observer.sms_seconds("send", seconds)
        level = logging.WARNING if sent.failure else logging.INFO
        logger.log(
            level, "%s: %s, %d parts%s, %.0f ms", self.name, word, outgoing.parts, _alphabet(outgoing), seconds * 1000
        )
        return sent

    def _judge(self, status: int, body: str) -> Sent:
        if status == 429 or status >= 500:
            return Sent(failure=Failure.TEMPORARY, word=f"status_{status}")
        if status in (401, 403, 404) or 300 <= status < 400:
            # Our own set-up is wrong, not the message: somebody may put it right while it is still worth sending.
            return Sent(failure=Failure.TEMPORARY, word=f"setup_{status}")
        try:
            return self.read(status, body)
        except (ValueError, KeyError, TypeError, AttributeError, IndexError):
            return Sent(failure=Failure.TEMPORARY, word="unreadable")


def _alphabet(outgoing: Outgoing) -> str:
    return " (UCS-2)" if outgoing.unicode else ""


def taken(identifier: object) -> Sent:
    return Sent(id=str(identifier or ""))


def temporary(word: object) -> Sent:
    return Sent(failure=Failure.TEMPORARY, word=_word(word))


def permanent(word: object) -> Sent:
    return Sent(failure=Failure.PERMANENT, word=_word(word))


def _word(value: object) -> str:
    """A code fit for a log: letters, digits and _, at most 24. Never the provider's sentence, which may quote us."""
    return "".join(c if c.isascii() and c.isalnum() else "_" for c in str(value))[:24]


def _basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def check_basic(raw: Raw, user: str, password: str) -> None:
    """Raise Untrusted unless the request carries this name and password (RFC 7617)."""
    scheme, _, given = raw.headers.get("authorization", "").partition(" ")
    try:
        decoded = base64.b64decode(given, validate=True).decode() if scheme.lower() == "basic" else ""
    except (binascii.Error, UnicodeDecodeError):
        decoded = ""
    if not matches(f"{user}:{password}", decoded):
        raise Untrusted("password")


def need(fields: Mapping[str, Any], *names: str) -> str:
    """The first of these fields that is there. Raises Malformed."""
    for name in names:
        value = fields.get(name)
        if isinstance(value, (str, int)) and not isinstance(value, bool) and str(value).strip():
            return str(value)
    raise Malformed(f"no_{names[0].lower()}")


def have(fields: Mapping[str, Any], name: str) -> str:
    """The field as text, which may be empty. Raises Malformed when it is not there or is no text."""
    value = fields.get(name)
    if not isinstance(value, str):
        raise Malformed(f"no_{name.lower()}")
    return value


def digits(number: str) -> str:
    """``+4790000000`` as the providers that want no plus take it."""
    return number.removeprefix("+")
