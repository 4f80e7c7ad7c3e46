"""The only reader of the environment.

Every setting has a default that works on one machine with nothing else installed; `docs/settings.md` lists them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot import settings_values as values
from bot.errors import SettingError
from bot.settings_values import Secret as Secret

ROOT = Path(__file__).resolve().parent.parent
_PREFIX = "HJEMVEI_"
SMS_PROVIDERS = ("link_mobility", "sveve", "twilio", "vonage", "eurobate", "kannel", "json")


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
    written = {field_name: environ[name] for name, field_name in known.items() if environ.get(name)}
    chosen: dict[str, Any] = {name: _READERS[name](f"{_PREFIX}{name.upper()}", text) for name, text in written.items()}
    return Settings(**chosen)


_COUNT = values.number(int, 1, 10_000_000, "et helt tall")

_READERS: Mapping[str, Callable[[str, str], object]] = {
    "folder": values.path,
    "database_url": values.database,
    "key": values.secret,
    "redis_url": values.secret,
    "models": values.path,
    "knowledge": values.path,
    "host": lambda name, value: value,
    "port": values.number(int, 0, 65535, "et helt tall"),
    "retention_hours": values.number(float, 0.1, 168, "et tall"),
    "exit_url": values.web_address,
    "messages_per_minute": values.number(float, 1, 1_000_000, "et tall"),
    "review_days": values.number(int, 1, 365, "et helt tall"),
    "review_text": values.boolean,
    "spacy_model": values.package,
    "conversation_messages_per_minute": values.number(float, 1, 1_000_000, "et tall"),
    "embed_origins": values.origins,
    "worker_silent_seconds": values.number(float, 30, 3600, "et tall"),
    "message_days": values.number(float, 1, 90, "et tall"),
    "case_days": values.number(float, 1, 3650, "et tall"),
    "approved_only": values.boolean,
    "public_url": values.base_address,
    "alert_smtp_url": values.mail_server,
    "alert_email_from": values.one(values.EMAIL, "en e-postadresse"),
    "alert_email_to": values.entries(values.EMAIL, "e-postadresser"),
    "alert_sms_to": values.entries(r"\+\d{8,15}", "telefonnummer som begynner med +"),
    "alert_webhook_url": values.entries(values.SAFE_ADDRESS, "nettadresser med https"),
    "alert_webhook_secret": values.signing,
    "human_channel": values.channels,
    "human_webhook_url": values.one(values.SAFE_ADDRESS, "en nettadresse med https"),
    "human_webhook_secret": values.signing,
    "human_xmpp_jid": values.one(values.EMAIL, "en adresse som navn@tjener"),
    "human_xmpp_password": values.secret,
    "human_xmpp_host": values.one(r"[\w.-]+:\d+", "tjener:port"),
    "human_xmpp_duty": values.entries(values.EMAIL, "adresser som navn@tjener"),
    "human_xmpp_room": values.one(values.EMAIL, "et rom som navn@tjener"),
    "human_chatwoot_url": values.one(values.SAFE_ADDRESS, "en nettadresse med https"),
    "human_chatwoot_account": values.number(int, 1, 10**9, "et helt tall"),
    "human_chatwoot_inbox": values.number(int, 1, 10**9, "et helt tall"),
    "human_chatwoot_token": values.secret,
    "human_chatwoot_secret": values.signing,
    "sms_keywords": values.words,
    "sms_session_hours": values.number(float, 0.1, 24, "et tall"),
    "sms_simulator": values.boolean,
    "sms_provider": values.one_of(SMS_PROVIDERS),
    "sms_secret": values.path_secret,
    "sms_from": lambda name, value: value,
    "sms_user": lambda name, value: value,
    "sms_password": values.secret,
    "sms_callback_user": lambda name, value: value,
    "sms_callback_password": values.secret,
    "sms_url": values.base_address,
    "sms_options": values.pairs,
    "sms_addresses": values.networks,
    "proxies": values.networks,
    "sms_countries": values.countries,
    "sms_per_hour": _COUNT,
    "sms_per_day": _COUNT,
    "sms_abroad_per_day": _COUNT,
    "sms_all_per_hour": _COUNT,
    "sms_all_abroad_per_hour": _COUNT,
    "sms_answer_minutes": values.number(int, 1, 1440, "et helt tall"),
    "staff_idle_minutes": values.number(float, 5, 720, "et tall"),
    "staff_session_hours": values.number(float, 1, 24, "et tall"),
    "audit_days": values.number(int, 30, 3650, "et helt tall"),
}
