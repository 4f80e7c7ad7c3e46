"""The only reader of the environment.

Every setting has a default that works on one machine with nothing else installed; `docs/settings.md` lists them.
"""

from __future__ import annotations

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
    approved_only: bool = False
    """Show only articles that a professional of the service has approved."""

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


def _path(name: str, value: str) -> Path:
    return Path(value).expanduser().resolve()


def _secret(name: str, value: str) -> Secret:
    return Secret(value)


def _database(name: str, value: str) -> Secret:
    if urlsplit(value).scheme.partition("+")[0] not in ("postgres", "postgresql", "sqlite"):
        raise SettingError(f"{name} må begynne med postgresql:// eller sqlite:///.")
    return Secret(value)


def _package(name: str, value: str) -> str:
    if not value.isidentifier():
        raise SettingError(f"{name} må være navnet på en pakke, som nb_norne_sm, ikke «{value}».")
    return value


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
    "staff_idle_minutes": _number(float, 5, 720, "et tall"),
    "staff_session_hours": _number(float, 1, 24, "et tall"),
    "audit_days": _number(int, 30, 3650, "et helt tall"),
}
