"""The only reader of the environment.

Every setting has a default that works on one machine with nothing else installed; `docs/settings.md` lists them.
"""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from bot.errors import SettingError

ROOT = Path(__file__).resolve().parent.parent
_PREFIX = "HJEMVEI_"
HUMAN_CHANNELS = ("console", "webhook", "xmpp", "chatwoot")
SMS_PROVIDERS = ("link_mobility", "sveve", "twilio", "vonage", "eurobate", "kannel", "json")
_T = TypeVar("_T")


class Secret:
    """A value that never shows itself in a repr, a log or a traceback."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __repr__(self) -> str:
        return "Secret('**********')"


@dataclass(frozen=True)
class Settings:
    """What an operator can decide. Each field says its variable's unit and meaning."""

    folder: Path = ROOT / "var"
    """Where the database and the key lie when their own settings are not given."""
    database_url: Secret = field(default_factory=lambda: Secret(""))
    """SQLAlchemy address. Empty: SQLite in ``folder``. PostgreSQL: ``postgresql://user:password@host/name``."""
    key: Secret = field(default_factory=lambda: Secret(""))
    """Encryption key, 32 bytes in URL-safe base64. Empty: the file ``folder/key``, made at first start."""
    redis_url: Secret = field(default_factory=lambda: Secret(""))
    """Redis for conversation locks when several processes share the work. Empty: locks in memory."""
    models: Path = ROOT / "models"
    knowledge: Path = ROOT / "knowledge"
    host: str = "127.0.0.1"
    port: int = 8080
    retention_hours: float = 24.0
    """Hours after its last message before a conversation is erased."""
    exit_url: str = "https://www.yr.no/"
    """The neutral site that quick exit goes to."""
    messages_per_minute: float = 300.0
    """How many requests one address may make a minute, after a burst of 120. A whole school may share an address."""
    review_days: int = 30
    """How many days a message that was not understood stays on the list for review."""
    review_text: bool = False
    """Keep, beside what the list says of such a message, its text: redacted, and sealed."""
    spacy_model: str = "nb_norne_sm"
    """The installed spaCy pipeline for lemmas and names: ours, or spaCy's ``nb_core_news_sm``, ``md`` or ``lg``."""
    conversation_messages_per_minute: float = 120.0
    """How many messages one conversation takes a minute, after a burst of 60."""
    embed_origins: tuple[str, ...] = ()
    """The sites that may show the widget on their pages, as ``https://www.example.no``. None: only our own page."""
    staff_idle_minutes: float = 60.0
    """Minutes without anything done before a session of the console ends."""
    staff_session_hours: float = 12.0
    """Hours before a session of the console ends whatever is done."""
    audit_days: int = 365
    """Days that the log of what staff did is kept."""
    worker_silent_seconds: float = 120.0
    """A worker who is not heard from for so long is lost, and the case goes back to the queue."""
    message_days: float = 14.0
    """Days that a message somebody left waits to be read before it is removed."""
    case_days: float = 30.0
    """Days that the log of a closed case is kept: states and times, nothing that was written."""
    public_url: str = ""
    """The address that others reach this service by, without a path: https://hjelp.eksempel.no"""
    alert_smtp_url: Secret = field(default_factory=lambda: Secret(""))
    """The mail server for alerts: ``smtps://user:password@host`` (TLS), ``smtp://…`` (STARTTLS), ``smtp+plain://…``."""
    alert_email_from: str = ""
    alert_email_to: tuple[str, ...] = ()
    """Who gets alerts by e-mail; ``team=address`` for those of one team."""
    alert_sms_to: tuple[str, ...] = ()
    """Who gets alerts by SMS, as +47…; ``team=number`` likewise."""
    alert_webhook_url: tuple[str, ...] = ()
    alert_webhook_secret: Secret = field(default_factory=lambda: Secret(""))
    human_channel: tuple[str, ...] = ("console",)
    """Where humans answer besides the console: names of HUMAN_CHANNELS."""
    human_webhook_url: str = ""
    human_webhook_secret: Secret = field(default_factory=lambda: Secret(""))
    """What signs both ways, 16 characters or more; two with a comma between while one is replaced."""
    human_xmpp_jid: str = ""
    human_xmpp_password: Secret = field(default_factory=lambda: Secret(""))
    human_xmpp_host: str = ""
    """``host:port`` of the server, where DNS does not say."""
    human_xmpp_duty: tuple[str, ...] = ()
    """The JIDs of those on duty; or, instead, a room whose members they are."""
    human_xmpp_room: str = ""
    human_chatwoot_url: str = ""
    human_chatwoot_account: int = 0
    human_chatwoot_inbox: int = 0
    human_chatwoot_token: Secret = field(default_factory=lambda: Secret(""))
    human_chatwoot_secret: Secret = field(default_factory=lambda: Secret(""))
    """The secret of the account's webhook, which signs what Chatwoot sends."""
    sms_keywords: tuple[str, ...] = ()
    """Words that people have to begin with, where several services share the number. They are taken off."""
    sms_session_hours: float = 4.0
    """Hours without a message after which a conversation by SMS has ended and is erased."""
    sms_simulator: bool = False
    """For development only: the page ``/dev/sms``, where one writes to the service as from a telephone."""
    approved_only: bool = False
    """Show only articles that a professional of the service has approved."""
    sms_provider: str = ""
    """Who carries text messages: one of SMS_PROVIDERS. Empty: no SMS."""
    sms_secret: Secret = field(default_factory=lambda: Secret(""))
    """The secret in the address that the provider calls, 16 characters or more."""
    sms_from: str = ""
    """Our own number or short code, as the receiver sees it."""
    sms_user: str = ""
    sms_password: Secret = field(default_factory=lambda: Secret(""))
    """With ``sms_user``: what we send with (Twilio: account SID and auth token; Vonage: API key and secret)."""
    sms_callback_user: str = ""
    sms_callback_password: Secret = field(default_factory=lambda: Secret(""))
    """What the provider proves itself with when it calls us (Vonage: the signature secret)."""
    sms_url: str = ""
    """Where the provider takes messages; empty: its published address."""
    sms_options: Mapping[str, str] = field(default_factory=dict)
    """More that a provider asks for (LINK Mobility: ``platformId``, ``platformPartnerId``, ``gate``)."""
    sms_addresses: tuple[str, ...] = ()
    """The networks that the provider calls from. None: any."""
    proxies: tuple[str, ...] = ()
    """The networks of our own proxies, whose X-Forwarded-For is believed. None: it is not read."""
    sms_countries: tuple[str, ...] = ()
    """The countries whose numbers are answered, as NO, DK. None: every country."""
    sms_per_hour: int = 30
    sms_per_day: int = 100
    """How many messages of one number are answered."""
    sms_abroad_per_day: int = 40
    """The same for a number from another country than Norway."""
    sms_all_per_hour: int = 2000
    """How many message parts go out an hour in all before new senders have to wait."""
    sms_all_abroad_per_hour: int = 400
    """Of these, to other countries than Norway."""
    sms_answer_minutes: int = 60
    """Minutes after which an answer that could not be sent is not sent: the phone may be in other hands."""

    @property
    def database(self) -> str:
        """The address with its asynchronous driver named."""
        given = self.database_url.reveal()
        if not given:
            return f"sqlite+aiosqlite:///{self.folder / 'hjemvei.sqlite3'}"
        scheme, _, rest = given.partition("://")
        driver = {"postgres": "postgresql+asyncpg", "postgresql": "postgresql+asyncpg", "sqlite": "sqlite+aiosqlite"}
        return f"{driver.get(scheme, scheme)}://{rest}"


def read(environ: Mapping[str, str] = os.environ) -> Settings:
    """Settings from ``HJEMVEI_*``. Raises SettingError with a sentence that says what to write instead."""
    known = {f"{_PREFIX}{name.upper()}": name for name in Settings.__dataclass_fields__}
    unknown = sorted(name for name in environ if name.startswith(_PREFIX) and name not in known)
    if unknown:
        raise SettingError(f"Innstillingen {unknown[0]} finnes ikke. Disse finnes: {', '.join(sorted(known))}.")
    values = {field_name: environ[name] for name, field_name in known.items() if environ.get(name)}
    chosen: dict[str, Any] = {name: _READERS[name](f"{_PREFIX}{name.upper()}", value) for name, value in values.items()}
    return Settings(**chosen)


def _number(kind: Callable[[str], _T], low: float, high: float, what: str) -> Callable[[str, str], _T]:
    def convert(name: str, value: str) -> _T:
        try:
            number = kind(value)
        except ValueError:
            number = None
        if number is None or not low <= float(number) <= high:  # type: ignore[arg-type]
            raise SettingError(f"{name} må være {what} fra {low:g} til {high:g}, ikke «{value}».")
        return number

    return convert


def _boolean(name: str, value: str) -> bool:
    words = {"1": True, "ja": True, "true": True, "0": False, "nei": False, "false": False}
    if value.lower() not in words:
        raise SettingError(f"{name} må være ja eller nei, ikke «{value}».")
    return words[value.lower()]


def _web_address(name: str, value: str) -> str:
    if urlsplit(value).scheme not in ("http", "https"):
        raise SettingError(f"{name} må være en nettadresse som begynner med https://, ikke «{value}».")
    return value


def _origins(name: str, value: str) -> tuple[str, ...]:
    found = tuple(item.strip().rstrip("/") for item in value.split(",") if item.strip())
    for origin in found:
        if not re.fullmatch(r"https?://[a-z0-9.-]+(:\d+)?", origin):
            raise SettingError(
                f"{name} må være nettsteder som https://www.eksempel.no, med komma mellom, uten sti, ikke «{origin}»."
            )
    return found


def _words(name: str, value: str) -> tuple[str, ...]:
    found = tuple(item.strip() for item in value.split(",") if item.strip())
    for word in found:
        if not re.fullmatch(r"\w{2,20}", word):
            raise SettingError(f"{name} må være ord på 2 til 20 bokstaver, med komma mellom, ikke «{word}».")
    return found


def _path(name: str, value: str) -> Path:
    return Path(value).expanduser().resolve()


def _secret(name: str, value: str) -> Secret:
    return Secret(value)


def _database(name: str, value: str) -> Secret:
    if urlsplit(value).scheme.partition("+")[0] not in ("postgres", "postgresql", "sqlite"):
        raise SettingError(f"{name} må begynne med postgresql:// eller sqlite:///.")
    return Secret(value)


def _base_address(name: str, value: str) -> str:
    return _web_address(name, value).rstrip("/")


def _entries(pattern: str, what: str) -> Callable[[str, str], tuple[str, ...]]:
    """A list with commas between, each entry perhaps with ``team=`` before it."""

    def convert(name: str, value: str) -> tuple[str, ...]:
        found = tuple(item.strip() for item in value.split(",") if item.strip())
        for item in found:
            if not re.fullmatch(rf"(\w+=)?{pattern}", item):
                raise SettingError(f"{name} må være {what}, med komma mellom, ikke «{item}».")
        return found

    return convert


def _one(pattern: str, what: str) -> Callable[[str, str], str]:
    def convert(name: str, value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise SettingError(f"{name} må være {what}, ikke «{value}».")
        return value

    return convert


def _mail_server(name: str, value: str) -> Secret:
    parts = urlsplit(value)
    if parts.scheme not in ("smtps", "smtp", "smtp+plain") or not parts.hostname:
        raise SettingError(f"{name} må begynne med smtps://, smtp:// eller smtp+plain:// og ha en tjener.")
    return Secret(value)


def _channels(name: str, value: str) -> tuple[str, ...]:
    found = tuple(item.strip() for item in value.split(",") if item.strip())
    if not found or not set(found) <= set(HUMAN_CHANNELS):
        raise SettingError(f"{name} må være av {', '.join(HUMAN_CHANNELS)}, med komma mellom, ikke «{value}».")
    return found


def _signing(name: str, value: str) -> Secret:
    if any(len(item) < 16 for item in value.split(",")):
        raise SettingError(f"{name} må ha minst 16 tegn.")
    return Secret(value)


def _package(name: str, value: str) -> str:
    if not value.isidentifier():
        raise SettingError(f"{name} må være navnet på en pakke, som nb_norne_sm, ikke «{value}».")
    return value


_EMAIL = r"[^@\s,<>]+@[^@\s,<>]+"
# What a person wrote goes there: encrypted, or not off this machine.
_SAFE_ADDRESS = r"(https://\S+|http://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(/\S*)?)"


def _one_of(choices: tuple[str, ...]) -> Callable[[str, str], str]:
    def convert(name: str, value: str) -> str:
        if value not in choices:
            raise SettingError(f"{name} må være en av {', '.join(choices)}, ikke «{value}».")
        return value

    return convert


def _listed(value: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in value.split(",") if item.strip())


def _networks(name: str, value: str) -> tuple[str, ...]:
    for item in _listed(value):
        try:
            ipaddress.ip_network(item)
        except ValueError as error:
            raise SettingError(
                f"{name} må være IP-adresser eller nett som 192.0.2.0/24, med komma mellom, ikke «{item}»."
            ) from error
    return _listed(value)


def _countries(name: str, value: str) -> tuple[str, ...]:
    for item in _listed(value):
        if not re.fullmatch(r"[A-Z]{2}", item):
            raise SettingError(f"{name} må være landkoder som NO,DK, ikke «{item}».")
    return _listed(value)


def _pairs(name: str, value: str) -> dict[str, str]:
    pairs = [item.partition("=") for item in _listed(value)]
    if not all(key.strip() and sign for key, sign, _ in pairs):
        raise SettingError(f"{name} må være navn=verdi, med komma mellom.")
    return {key.strip(): given.strip() for key, _, given in pairs}


def _path_secret(name: str, value: str) -> Secret:
    # It stands in an address, and the address is all that keeps strangers out where a provider signs nothing.
    if not re.fullmatch(r"[A-Za-z0-9_-]{16,128}", value):
        raise SettingError(f"{name} må være 16 til 128 bokstaver og tall (a–z, 0–9, - og _).")
    return Secret(value)


_COUNT = _number(int, 1, 10_000_000, "et helt tall")

_READERS: Mapping[str, Callable[[str, str], object]] = {
    "folder": _path,
    "database_url": _database,
    "key": _secret,
    "redis_url": _secret,
    "models": _path,
    "knowledge": _path,
    "host": lambda name, value: value,
    "port": _number(int, 0, 65535, "et helt tall"),
    "retention_hours": _number(float, 0.1, 168, "et tall"),
    "exit_url": _web_address,
    "messages_per_minute": _number(float, 1, 1_000_000, "et tall"),
    "review_days": _number(int, 1, 365, "et helt tall"),
    "review_text": _boolean,
    "spacy_model": _package,
    "conversation_messages_per_minute": _number(float, 1, 1_000_000, "et tall"),
    "embed_origins": _origins,
    "worker_silent_seconds": _number(float, 30, 3600, "et tall"),
    "message_days": _number(float, 1, 90, "et tall"),
    "case_days": _number(float, 1, 3650, "et tall"),
    "approved_only": _boolean,
    "public_url": _base_address,
    "alert_smtp_url": _mail_server,
    "alert_email_from": _one(_EMAIL, "en e-postadresse"),
    "alert_email_to": _entries(_EMAIL, "e-postadresser"),
    "alert_sms_to": _entries(r"\+\d{8,15}", "telefonnummer som begynner med +"),
    "alert_webhook_url": _entries(_SAFE_ADDRESS, "nettadresser med https"),
    "alert_webhook_secret": _signing,
    "human_channel": _channels,
    "human_webhook_url": _one(_SAFE_ADDRESS, "en nettadresse med https"),
    "human_webhook_secret": _signing,
    "human_xmpp_jid": _one(_EMAIL, "en adresse som navn@tjener"),
    "human_xmpp_password": _secret,
    "human_xmpp_host": _one(r"[\w.-]+:\d+", "tjener:port"),
    "human_xmpp_duty": _entries(_EMAIL, "adresser som navn@tjener"),
    "human_xmpp_room": _one(_EMAIL, "et rom som navn@tjener"),
    "human_chatwoot_url": _one(_SAFE_ADDRESS, "en nettadresse med https"),
    "human_chatwoot_account": _number(int, 1, 10**9, "et helt tall"),
    "human_chatwoot_inbox": _number(int, 1, 10**9, "et helt tall"),
    "human_chatwoot_token": _secret,
    "human_chatwoot_secret": _signing,
    "sms_keywords": _words,
    "sms_session_hours": _number(float, 0.1, 24, "et tall"),
    "sms_simulator": _boolean,
    "sms_provider": _one_of(SMS_PROVIDERS),
    "sms_secret": _path_secret,
    "sms_from": lambda name, value: value,
    "sms_user": lambda name, value: value,
    "sms_password": _secret,
    "sms_callback_user": lambda name, value: value,
    "sms_callback_password": _secret,
    "sms_url": _base_address,
    "sms_options": _pairs,
    "sms_addresses": _networks,
    "proxies": _networks,
    "sms_countries": _countries,
    "sms_per_hour": _COUNT,
    "sms_per_day": _COUNT,
    "sms_abroad_per_day": _COUNT,
    "sms_all_per_hour": _COUNT,
    "sms_all_abroad_per_hour": _COUNT,
    "sms_answer_minutes": _number(int, 1, 1440, "et helt tall"),
    "staff_idle_minutes": _number(float, 5, 720, "et tall"),
    "staff_session_hours": _number(float, 1, 24, "et tall"),
    "audit_days": _number(int, 30, 3650, "et helt tall"),
}
