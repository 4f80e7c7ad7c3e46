"""Hand-made others: a conversation that repeats what it hears, and a provider that remembers what it was given."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.channels.sms.base import Account, Line
from bot.channels.sms.providers import PROVIDERS
from bot.channels.sms.service import Sms
from bot.settings import Secret, Settings
from bot.storage.database import Database
from bot.storage.encryption import Vault
from tests.channels.sms.cases import CALLBACK, OUR_NUMBER, SECRET


class Echo:
    """Answers each message with its own words. The same id twice is heard once."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str]] = []
        self.seen: dict[str, list[str]] = {}
        self.reply: Callable[[str], list[str]] = lambda text: [f"Du skrev: {text}"]
        self.fails: list[Exception] = []

    async def answer(self, person: str, text: str, message_id: str) -> list[str]:
        if self.fails:
            raise self.fails.pop()
        if message_id not in self.seen:
            self.heard.append((person, text))
            self.seen[message_id] = self.reply(text)
        return self.seen[message_id]

    @property
    def texts(self) -> list[str]:
        return [text for _, text in self.heard]


@dataclass
class Handset:
    """The far end of the generic JSON provider: takes messages, or does not."""

    answers: list[tuple[int, str]] = field(default_factory=list)
    """What to answer next; then 200."""
    got: list[dict[str, Any]] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.Response:
        status, body = self.answers.pop(0) if self.answers else (200, "")
        message = await request.json()
        if status == 200:
            self.got.append(message)
            body = body or json.dumps({"id": f"p-{message['id']}"})
        return web.Response(status=status, text=body)

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/send", self.handle)
        return app

    def texts(self, to: str | None = None) -> list[str]:
        return [message["text"] for message in self.got if to in (None, message["to"])]


def settings(**more: Any) -> Settings:
    given: dict[str, Any] = {
        "sms_provider": "json",
        "sms_secret": Secret(SECRET),
        "sms_from": OUR_NUMBER,
        "sms_callback_password": Secret(CALLBACK),
        "sms_url": "http://127.0.0.1:1/send",
    }
    return Settings(**{**given, **more})


def make_sms(chosen: Settings, database: Database, vault: Vault, talks: Any, **more: Any) -> Sms:
    line = Line(2.0)
    provider = PROVIDERS[chosen.sms_provider](Account.of(chosen), line)
    return Sms(chosen, database, vault, provider, talks, line=line, **more)


class Tally:
    """Counts, for the asking."""

    def __init__(self) -> None:
        self.counted: dict[tuple[str, str], int] = {}

    def sms(self, event: str, word: str) -> None:
        self.counted[event, word] = self.counted.get((event, word), 0) + 1

    def sms_seconds(self, what: str, seconds: float) -> None: ...

    def of(self, event: str) -> Mapping[str, int]:
        return {word: count for (name, word), count in self.counted.items() if name == event}
