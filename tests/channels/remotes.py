"""The other side of each human channel, as a test works it.

Every one has the same few moves, so that one contract test runs over all of them.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import Sequence
from typing import Any, Protocol

import slixmpp
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels import signing
from bot.channels.human.channel import HumanChannel, Incoming
from bot.channels.human.chatwoot import Chatwoot
from bot.channels.human.console import Console
from bot.channels.human.webhook import Webhook
from bot.channels.human.xmpp import Xmpp
from bot.channels.human.xmpp_line import Account
from bot.errors import HjemveiError
from bot.handoff.case import Carried, Case
from bot.storage.human import HumanStore
from tests.channels.desk import Desk, until
from tests.channels.prosody import ANNA, ASSISTANT, BERIT, PASSWORD, Prosody


def describe(carried: Carried) -> list[str]:
    return [f"årsak: {reason}" for reason in carried.reasons]


SECRET = "en-hemmelighet-til-prøven"


class Remote(Protocol):
    """What a human on the other side sees and does. ``who``: 0 or 1, two different people or systems."""

    durable: bool
    """Whether it can be away while the person writes."""

    async def start(self) -> None: ...
    async def stop(self) -> None: ...
    def channels(self, store: HumanStore) -> Sequence[HumanChannel]: ...
    def join(self, desk: Desk) -> None: ...
    async def announced(self, case: Case) -> bool: ...
    async def take(self, case: Case, who: int = 0) -> None: ...
    async def refused(self, case: Case) -> bool: ...
    async def say(self, case: Case, text: str, *, twice: bool = False) -> None: ...
    def heard(self, case: Case) -> list[str]: ...
    def background(self, case: Case) -> str: ...
    async def end(self, case: Case) -> None: ...
    async def ended(self, case: Case) -> bool: ...
    async def away(self) -> None: ...
    async def back(self) -> None: ...
    def everything(self) -> str: ...


class ConsoleRemote:
    """Two workers at the console: they are in the same process, and act on the cases themselves."""

    durable = False

    def __init__(self) -> None:
        self.desk: Desk
        self._refused: set[str] = set()

    async def start(self) -> None: ...
    async def stop(self) -> None: ...

    def channels(self, store: HumanStore) -> Sequence[HumanChannel]:
        return [Console()]

    def join(self, desk: Desk) -> None:
        self.desk, self._lines, self._closed = desk, {}, set()
        desk.cases.watch(self)  # type: ignore[arg-type]
        self._workers: dict[str, str] = {}

    async def moved(self, case: Case, before: Any) -> None:
        if case.state.value == "closed":
            self._closed.add(case.id)

    async def wrote(self, case: Case, line: Any) -> None:
        if line.by == "user":
            self._lines.setdefault(case.id, []).append(line.text)

    async def announced(self, case: Case) -> bool:
        return case.id in [waiting.id for waiting in await self.desk.cases.queue()]

    async def take(self, case: Case, who: int = 0) -> None:
        try:
            await self.desk.cases.take(case.id, f"arbeider{who}")
            self._workers[case.id] = f"arbeider{who}"
        except HjemveiError:
            self._refused.add(case.id)

    async def refused(self, case: Case) -> bool:
        return case.id in self._refused

    async def say(self, case: Case, text: str, *, twice: bool = False) -> None:
        once = secrets.token_hex(8)
        for _ in range(1 + twice):
            worker = self._workers[case.id]
            await self.desk.cases.write(case.id, by="human", text=text, worker=worker, message_id=once)

    def heard(self, case: Case) -> list[str]:
        return self._lines.get(case.id, [])

    def background(self, case: Case) -> str:
        return ""

    async def end(self, case: Case) -> None:
        await self.desk.cases.close(case.id, by=self._workers[case.id])

    async def ended(self, case: Case) -> bool:
        return case.id in self._closed

    async def away(self) -> None: ...
    async def back(self) -> None: ...

    def everything(self) -> str:
        return ""


class _System:
    """A web server of another organisation, that can be away or slow."""

    durable = True

    def __init__(self) -> None:
        self.desk: Desk
        self.status = 200
        self.received: list[tuple[dict[str, str], bytes]] = []
        self._refused: set[str] = set()
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._take_in)
        self.server = TestServer(app)

    async def start(self) -> None:
        await self.server.start_server()

    async def stop(self) -> None:
        await self.server.close()

    def join(self, desk: Desk) -> None:
        self.desk = desk

    async def away(self) -> None:
        self.status = 500

    async def back(self) -> None:
        self.status = 200

    async def refused(self, case: Case) -> bool:
        return case.id in self._refused

    def everything(self) -> str:
        return b"\n".join(body for _, body in self.received).decode()

    async def _take_in(self, request: web.Request) -> web.Response:
        body = await request.read()
        if self.status != 200:
            return web.Response(status=self.status)
        self.received.append((dict(request.headers), body))
        return web.json_response(self.answer(request, json.loads(body) if body else {}))

    def answer(self, request: web.Request, body: dict[str, Any]) -> Any:
        return {}

    async def call(self, name: str, case: Case, headers: dict[str, str], body: bytes) -> None:
        """As the HTTP interface does it."""
        channel: Any = self.desk.human.channel(name)
        incoming: Incoming = channel
        for call in await incoming.read(headers, body, int(time.time())):
            try:
                await self.desk.human.act(name, call)
            except HjemveiError:
                self._refused.add(case.id)
                await incoming.refused(call)


class WebhookRemote(_System):
    """A system that knows the signed webhook."""

    def channels(self, store: HumanStore) -> Sequence[HumanChannel]:
        return [Webhook(str(self.server.make_url("/inn")), [SECRET], describe)]

    @property
    def events(self) -> list[dict[str, Any]]:
        seen: dict[str, dict[str, Any]] = {}
        for headers, body in self.received:
            signing.verify([SECRET], headers[signing.HEADER], body, int(time.time()))
            event = json.loads(body)
            # A delivery that comes twice has the same id.
            seen.setdefault(event["id"], event)
        return list(seen.values())

    def _of(self, case: Case, kind: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["case"]["id"] == case.id and event["event"] == kind]

    async def announced(self, case: Case) -> bool:
        return bool(self._of(case, "case.opened"))

    async def _send(self, case: Case, *, times: int = 1, **what: Any) -> None:
        once = secrets.token_hex(8)
        for _ in range(times):
            body = json.dumps({"id": once, "case": case.id, **what}).encode()
            headers = {signing.HEADER: signing.sign([SECRET], body, int(time.time()))}
            await self.call("webhook", case, headers, body)

    async def take(self, case: Case, who: int = 0) -> None:
        await self._send(case, action="take", worker=f"arbeider{who}")

    async def say(self, case: Case, text: str, *, twice: bool = False) -> None:
        await self._send(case, action="write", worker="arbeider0", text=text, times=1 + twice)

    def heard(self, case: Case) -> list[str]:
        return [line["text"] for event in self._of(case, "line.written") for line in event["lines"]]

    def background(self, case: Case) -> str:
        return json.dumps(self._of(case, "case.opened") + self._of(case, "case.moved"), ensure_ascii=False)

    async def end(self, case: Case) -> None:
        await self._send(case, action="close", worker="arbeider0")

    async def ended(self, case: Case) -> bool:
        return bool(self._of(case, "case.closed"))


class ChatwootRemote(_System):
    """A small double of Chatwoot, made from its published API description: the calls that the channel makes, the
    answers that it names, and the webhook that it sends."""

    token = "en-token-til-prøven"

    def __init__(self) -> None:
        super().__init__()
        self.conversations: dict[int, dict[str, Any]] = {}
        self.contacts: dict[int, str] = {}
        self.names: dict[int, str] = {}
        self._numbers = iter(range(100, 10_000))

    def channels(self, store: HumanStore) -> Sequence[HumanChannel]:
        return [Chatwoot(str(self.server.make_url("/")), 3, 7, self.token, SECRET, store, describe)]

    def answer(self, request: web.Request, body: dict[str, Any]) -> Any:
        assert request.headers["api_access_token"] == self.token
        parts = request.path.split("/api/v1/accounts/3/")[1].split("/")
        if request.method == "DELETE" and parts[0] == "contacts":
            del self.contacts[int(parts[1])]
            return {}
        if parts == ["contacts"]:
            number = next(self._numbers)
            self.contacts[number], self.names[number] = f"kilde-{number}", body["name"]
            return {
                "payload": {
                    "contact": {"id": number, "name": body["name"]},
                    "contact_inbox": {"source_id": f"kilde-{number}"},
                }
            }
        if parts == ["conversations"]:
            number = next(self._numbers)
            assert body["source_id"] == self.contacts[body["contact_id"]]
            assert body["inbox_id"] == 7
            self.conversations[number] = {"status": body["status"], "messages": [], "contact": body["contact_id"]}
            return {"id": number, "inbox_id": 7}
        conversation = self.conversations[int(parts[1])]
        if parts[2] == "messages":
            conversation["messages"].append(body)
            return {"id": next(self._numbers), "content": body["content"]}
        assert parts[2] == "toggle_status"
        conversation["status"] = body["status"]
        return {"payload": {"success": True, "current_status": body["status"]}}

    def _number(self, case: Case) -> int | None:
        for number, conversation in self.conversations.items():
            if self.names[conversation["contact"]] == f"Hjemvei {case.id[:6]}" and conversation["messages"]:
                return number
        return None

    async def announced(self, case: Case) -> bool:
        return self._number(case) is not None

    async def _send(self, case: Case, *, times: int = 1, **event: Any) -> None:
        body = json.dumps({**event, "account": {"id": 3}}).encode()
        now = int(time.time())
        signature = f"sha256={signing.digest(SECRET, now, body)}"
        for _ in range(times):
            await self.call(
                "chatwoot", case, {"X-Chatwoot-Timestamp": str(now), "X-Chatwoot-Signature": signature}, body
            )

    def _message(self, case: Case, text: str) -> dict[str, Any]:
        conversation = {"id": self._number(case), "inbox_id": 7, "status": "open", "channel": "Channel::Api"}
        return {
            "event": "message_created",
            "id": next(self._numbers),
            "content": text,
            "message_type": "outgoing",
            "content_type": "text",
            "private": False,
            "sender": {"id": 1, "name": "Agent", "type": "user"},
            "inbox": {"id": 7, "name": "Hjemvei"},
            "conversation": conversation,
        }

    async def take(self, case: Case, who: int = 0) -> None:
        # Within Chatwoot there is one who takes: whoever answers first. The other is somebody at the console.
        if who == 0:
            await self._send(case, **self._message(case, "Hei."))
            return
        try:
            await self.desk.cases.take(case.id, "konsoll")
        except HjemveiError:
            self._refused.add(case.id)

    async def say(self, case: Case, text: str, *, twice: bool = False) -> None:
        await self._send(case, **self._message(case, text), times=1 + twice)

    def _messages(self, case: Case, kind: str) -> list[str]:
        number = self._number(case)
        messages = self.conversations[number]["messages"] if number else []
        return [message["content"] for message in messages if message["message_type"] == kind]

    def heard(self, case: Case) -> list[str]:
        return self._messages(case, "incoming")

    def background(self, case: Case) -> str:
        return "\n".join(self._messages(case, "outgoing"))

    async def end(self, case: Case) -> None:
        await self._send(
            case, event="conversation_status_changed", id=self._number(case), inbox_id=7, status="resolved"
        )

    async def ended(self, case: Case) -> bool:
        number = self._number(case)
        return number is not None and self.conversations[number]["status"] == "resolved"


class Worker:
    """Somebody on duty with a chat program."""

    def __init__(self, jid: str, port: int) -> None:
        self.jid, self.port = jid, port
        self.messages: list[tuple[str, str]] = []
        self.client: slixmpp.ClientXMPP | None = None

    async def log_in(self) -> None:
        up = asyncio.Event()
        client = slixmpp.ClientXMPP(self.jid, PASSWORD)
        client.register_plugin("xep_0045")
        client.register_plugin("xep_0085")

        async def begin(_: Any) -> None:
            client.send_presence()
            await client.get_roster()
            up.set()

        client.add_event_handler("session_start", begin)
        client.add_event_handler("message", self._hear)
        client.connect("127.0.0.1", self.port)
        self.client = client
        await asyncio.wait_for(up.wait(), 15)

    def _hear(self, message: Any) -> None:
        if message["body"]:
            self.messages.append((str(message["id"]), str(message["body"])))

    def write(self, text: str, identifier: str | None = None) -> None:
        assert self.client is not None
        message = self.client.make_message(mto=ASSISTANT, mbody=text, mtype="chat")
        message["id"] = identifier or secrets.token_hex(8)
        message.send()

    @property
    def heard(self) -> list[str]:
        """Each message once, by its id."""
        return list(dict(self.messages).values())

    async def log_out(self) -> None:
        if self.client is not None:
            client, self.client = self.client, None
            client.cancel_connection_attempt()
            await client.disconnect(wait=1.0)
            client.abort()
            await asyncio.sleep(0)


class XmppRemote:
    """Two people on duty at a Prosody of our own."""

    durable = True

    def __init__(self, prosody: Prosody, room: str | None = None) -> None:
        self.prosody, self.room = prosody, room
        self.workers = [Worker(ANNA, prosody.port), Worker(BERIT, prosody.port)]
        self.desk: Desk

    async def start(self) -> None:
        for worker in self.workers:
            await worker.log_in()

    async def stop(self) -> None:
        for worker in self.workers:
            await worker.log_out()

    def channels(self, store: HumanStore) -> Sequence[HumanChannel]:
        account = Account(ASSISTANT, PASSWORD, ("127.0.0.1", self.prosody.port))
        people = [] if self.room else [ANNA, BERIT]
        return [Xmpp(account, people, self.room, store, describe)]

    def join(self, desk: Desk) -> None:
        self.desk = desk

    async def code(self, case: Case) -> str:
        thread = await self.desk.store.thread("xmpp", case.id)
        return thread.remote if thread else ""

    async def announced(self, case: Case) -> bool:
        code = await self.code(case)
        return bool(code) and all(any(f"ta {code}" in text for text in worker.heard) for worker in self.workers)

    async def take(self, case: Case, who: int = 0) -> None:
        self.workers[who].write(f"ta {await self.code(case)}")

    async def refused(self, case: Case) -> bool:
        return "En annen har tatt saken." in self.workers[1].heard

    async def say(self, case: Case, text: str, *, twice: bool = False) -> None:
        once = secrets.token_hex(8)
        for _ in range(1 + twice):
            self.workers[0].write(text, once)

    def heard(self, case: Case) -> list[str]:
        own = ("Ny ", "En ", "Du har ", "Saken ", "Personen ")
        return [text for text in self.workers[0].heard if not text.startswith(own)]

    def background(self, case: Case) -> str:
        return "\n".join(text for text in self.workers[0].heard if text.startswith("Du har sak"))

    async def end(self, case: Case) -> None:
        self.workers[0].write("slutt")

    async def ended(self, case: Case) -> bool:
        return any(text.startswith(("Saken er avsluttet", "Personen har")) for text in self.workers[0].heard)

    async def away(self) -> None:
        for worker in self.workers:
            await worker.log_out()
        self.prosody.stop()
        await until(lambda: not self.desk.human.routes()["human", "xmpp"].ready(), "the line is seen to be down")

    async def back(self) -> None:
        self.prosody.start()
        for worker in self.workers:
            await worker.log_in()

    def everything(self) -> str:
        return "\n".join(text for worker in self.workers for text in worker.heard)
