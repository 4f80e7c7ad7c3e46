"""The line to an XMPP server: connects, stays connected, says what came in (RFC 6120, RFC 6121, XEP-0045)."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import slixmpp
from slixmpp.exceptions import IqError, IqTimeout

from bot.channels.human.xmpp_words import safe
from bot.errors import Undelivered

logger = logging.getLogger("hjemvei.channels")
# The library's own log tells what is said.
logging.getLogger("slixmpp").setLevel(logging.CRITICAL)

_WAITS_S = (1.0, 2.0, 5.0, 10.0, 30.0)
_CONNECT_S = 15.0
_PING_S = 10.0


@dataclass(frozen=True)
class Account:
    """Ours on the server. ``address``: host and port, where DNS does not say."""

    jid: str
    password: str
    address: tuple[str, int] | None = None
    nickname: str = "Hjemvei"


@dataclass(frozen=True)
class Said:
    """Something that somebody wrote to us. ``sender``: their bare JID. ``id``: of the stanza, by the sender."""

    sender: str
    text: str
    id: str
    in_room: bool


Hear = Callable[[Said], Awaitable[None]]
Typing = Callable[[str, bool], Awaitable[None]]


class Line:
    """One connection at a time, while ``run`` goes on. ``people``: bare JIDs that may write; ``room``: or None."""

    def __init__(self, account: Account, people: Sequence[str], room: str | None, hear: Hear, typing: Typing) -> None:
        self._account = account
        self._people = frozenset(person.lower() for person in people)
        self._room = room
        self._hear = hear
        self._typing = typing
        self._client: slixmpp.ClientXMPP | None = None
        self._gone = asyncio.Event()
        self._available: set[str] = set()
        self._occupants: dict[str, str] = {}
        self._heard: asyncio.Queue[Said] = asyncio.Queue()
        self.up = False
        """Whether something can be sent now."""

    def here(self) -> set[str]:
        """The bare JIDs of those who are there now."""
        return {person for person in self._available if person in self._people} | set(self._occupants.values())

    def known(self) -> set[str]:
        """Those who may write to us, there or not."""
        return set(self._people) | set(self._occupants.values())

    async def run(self) -> None:
        """Connect, and connect again with growing waits, until cancelled."""
        failed = 0
        listener = asyncio.create_task(self._listen())
        try:
            while True:
                lasted = await self._one_connection()
                failed = 0 if lasted else failed + 1
                await asyncio.sleep(_WAITS_S[min(failed, len(_WAITS_S) - 1)])
        finally:
            listener.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await listener
            await self._hang_up()

    async def say(self, to: str, text: str, *, key: str | None = None, room: bool = False) -> None:
        """Send a message, and wait until the server has it. Raises Undelivered."""
        client = self._client
        if client is None or not self.up:
            raise Undelivered("not_connected")
        message = client.make_message(mto=to, mbody=safe(text), mtype="groupchat" if room else "chat")
        message["id"] = key or secrets.token_hex(8)
        message.send()
        try:
            # A server takes stanzas in order (RFC 6120 § 10.1), so its answer means that it has the message.
            await client.plugin["xep_0199"].send_ping(slixmpp.JID(client.boundjid.domain), timeout=_PING_S)
        except IqError:
            return
        except IqTimeout:
            raise Undelivered("timeout") from None
        if self._client is not client:
            raise Undelivered("connection")

    async def announce(self, text: str, key: str) -> None:
        """To the room, or to each of those who may answer. Raises Undelivered."""
        if self._room is not None:
            await self.say(self._room, text, key=key, room=True)
        for person in sorted(self._people):
            await self.say(person, text, key=key)

    async def _one_connection(self) -> bool:
        """One connection from beginning to end; whether it came to be."""
        account, self._gone = self._account, asyncio.Event()
        client = slixmpp.ClientXMPP(account.jid, account.password)
        for plugin in ("xep_0030", "xep_0045", "xep_0085", "xep_0199"):
            client.register_plugin(plugin)
        started = asyncio.Event()
        self._wire(client, started)
        self._client = client
        client.connect(*(account.address or (None, None)))
        try:
            gone, begun = asyncio.create_task(self._gone.wait()), asyncio.create_task(started.wait())
            await asyncio.wait({gone, begun}, timeout=_CONNECT_S, return_when=asyncio.FIRST_COMPLETED)
            begun.cancel()
            if started.is_set() and not self._gone.is_set():
                logger.info("connected to the XMPP server")
                await gone
            gone.cancel()
        finally:
            await self._hang_up()
        if not started.is_set():
            logger.warning("cannot connect to the XMPP server")
        return started.is_set()

    def _wire(self, client: slixmpp.ClientXMPP, started: asyncio.Event) -> None:
        async def begin(_: Any) -> None:
            client.send_presence()
            with contextlib.suppress(IqError, IqTimeout):
                await client.get_roster()
            for person in self._people:
                client.send_presence_subscription(pto=person, ptype="subscribe")
            if self._room is not None:
                # What was said before we came is not meant for us.
                await client.plugin["xep_0045"].join_muc_wait(
                    slixmpp.JID(self._room), self._account.nickname, maxstanzas=0
                )
            self.up = True
            started.set()

        def end(_: Any) -> None:
            self._gone.set()

        client.add_event_handler("session_start", begin)
        for name in ("disconnected", "failed_all_auth"):
            client.add_event_handler(name, end)
        client.add_event_handler("message", self._on_message)
        client.add_event_handler("groupchat_message", self._on_room_message)
        client.add_event_handler("groupchat_presence", self._on_room_presence)
        client.add_event_handler("presence_available", self._on_presence)
        client.add_event_handler("presence_unavailable", self._on_presence)
        for name, on in (("composing", True), ("paused", False), ("active", False)):
            client.add_event_handler(f"chatstate_{name}", self._on_typing(on))

    async def _hang_up(self) -> None:
        client, self._client, self.up = self._client, None, False
        self._available.clear()
        self._occupants.clear()
        if client is not None:
            client.cancel_connection_attempt()
            # Unlike wait_for, which loses a cancellation that comes as the future ends.
            await asyncio.wait({client.disconnect(wait=1.0)}, timeout=2.0)
            client.abort()
            # The library's own tasks end in the loop's next round.
            await asyncio.sleep(0)

    async def _listen(self) -> None:
        """One after another, in the order they came."""
        while True:
            said = await self._heard.get()
            try:
                await self._hear(said)
            except Exception as error:  # noqa: BLE001 - one message must not silence all that follow
                logger.error("a message over XMPP could not be acted on: %s", type(error).__name__)

    def _on_message(self, message: Any) -> None:
        sender = str(message["from"].bare).lower()
        if message["type"] not in ("chat", "normal") or not message["body"] or sender not in self.known():
            return
        self._heard.put_nowait(Said(sender, str(message["body"]), str(message["id"]), in_room=False))

    def _on_room_message(self, message: Any) -> None:
        nickname = str(message["mucnick"])
        if str(message["mucroom"]) != self._room or nickname == self._account.nickname or not message["body"]:
            return
        person = self._occupants.get(nickname)
        if person is not None:
            self._heard.put_nowait(Said(person, str(message["body"]), str(message["id"]), in_room=True))

    def _on_presence(self, presence: Any) -> None:
        sender = presence["from"]
        here = presence["type"] not in ("unavailable", "error")
        if here:
            self._available.add(str(sender.bare).lower())
        else:
            self._available.discard(str(sender.bare).lower())

    def _on_room_presence(self, presence: Any) -> None:
        if str(presence["from"].bare) != self._room:
            return
        nickname, here = str(presence["from"].resource), presence["type"] not in ("unavailable", "error")
        person = str(presence["muc"]["jid"].bare).lower()
        if here and person and nickname != self._account.nickname:
            self._occupants[nickname] = person
        elif not here:
            self._occupants.pop(nickname, None)

    def _on_typing(self, on: bool) -> Callable[[Any], Awaitable[None]]:
        async def heard(message: Any) -> None:
            sender = str(message["from"].bare).lower()
            # A message with words ends the typing by itself.
            if sender in self.known() and message["type"] == "chat" and not message["body"]:
                await self._typing(sender, on)

        return heard
