"""Chatwoot, by its published API (developers.chatwoot.com): an inbox of the kind «API» and an account's webhook.

Not tried against a Chatwoot that runs: what is asked of it here is what its documentation says.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot.channels import signing
from bot.channels.human.channel import Action, Call, Delivery, Describe, summary
from bot.channels.human.remote import Remote
from bot.errors import CallRefused, SignatureRefused, Undelivered
from bot.handoff.case import Carried, Case, Line
from bot.storage.human import HumanStore, Thread

_WORKER = "innboks"
"""Who has a case is decided within Chatwoot, where one may take over from another; to us it is one worker."""
_WRITERS = {"user": "Brukeren", "human": "Rådgiver", "program": "Hjemvei"}


class Chatwoot(Remote):
    """``address``: of the installation. ``token``: an access token of an agent of its own, who may be an «agent bot»
    user; ``secret``: of the account's webhook."""

    name = "chatwoot"

    def __init__(
        self, address: str, account: int, inbox: int, token: str, secret: str, store: HumanStore, describe: Describe
    ) -> None:
        super().__init__()
        self._describe = describe
        self._base = f"{address.rstrip('/')}/api/v1/accounts/{account}"
        self._inbox = inbox
        self._headers = {"api_access_token": token}
        self._secret = secret
        self._store = store

    # Out

    async def opened(self, delivery: Delivery, case: Case, carried: Carried | None, lines: Sequence[Line]) -> None:
        thread = delivery.thread
        if not thread.remote:
            thread = await self._begin(thread)
        heading = "Saken venter fortsatt." if delivery.again else "En sak venter. Svar her for å ta den."
        await self._note(thread, "\n\n".join([heading, summary(case, carried, self._describe), *map(_told, lines)]))

    async def moved(self, delivery: Delivery, case: Case, lines: Sequence[Line]) -> None:
        if not delivery.thread.remote:
            return
        if delivery.mine:
            if lines:
                await self._note(delivery.thread, "\n\n".join(["Skrevet i mellomtida:", *map(_told, lines)]))
            return
        said = "Saken er tatt et annet sted." if case.taken_by else "Saken venter ikke lenger her."
        await self._note(delivery.thread, said)

    async def wrote(self, delivery: Delivery, case: Case, line: Line) -> None:
        await self._message(delivery.thread, {"content": line.text, "message_type": "incoming", "private": False})

    async def closed(self, delivery: Delivery) -> None:
        thread = delivery.thread
        if not thread.remote:
            return
        conversation, contact = _numbers(thread)
        if delivery.erased:
            # With the contact goes what was written.
            await self._caller.delete(f"{self._base}/contacts/{contact}", self._headers)
            return
        await self._post(f"/conversations/{conversation}/toggle_status", {"status": "resolved"})

    async def _begin(self, thread: Thread) -> Thread:
        """A contact without name or number, and its conversation."""
        made = await self._post("/contacts", {"inbox_id": self._inbox, "name": f"Hjemvei {thread.case[:6]}"})
        contact, source = (
            _found(made, "payload", "contact", "id"),
            _found(made, "payload", "contact_inbox", "source_id"),
        )
        begun = await self._post(
            "/conversations",
            {"source_id": source, "inbox_id": self._inbox, "contact_id": contact, "status": "open"},
        )
        return await self._store.name(thread, remote=f"{_found(begun, 'id')}/{contact}")

    async def _note(self, thread: Thread, text: str) -> None:
        """Something for the agents alone."""
        await self._message(thread, {"content": text, "message_type": "outgoing", "private": True})

    async def _message(self, thread: Thread, content: Mapping[str, Any]) -> None:
        if not thread.remote:
            raise Undelivered("no_thread")
        await self._post(f"/conversations/{_numbers(thread)[0]}/messages", content)

    async def _post(self, path: str, content: Mapping[str, Any]) -> Any:
        body = json.dumps(content, ensure_ascii=False).encode()
        return await self._caller.post(self._base + path, body, self._headers)

    # In

    async def read(self, headers: Mapping[str, str], body: bytes, now: int) -> list[Call]:
        """What an agent did, as calls. Events that mean nothing to a case give none.

        Raises SignatureRefused and CallRefused.
        """
        self._verify(headers, body, now)
        try:
            event = json.loads(body.decode("utf-8"))
            kind, conversation = event["event"], event.get("conversation") or event
            remote, inbox = int(conversation["id"]), int(conversation["inbox_id"])
        except (ValueError, RecursionError, TypeError, KeyError, AttributeError) as error:
            raise CallRefused("invalid_request") from error
        if inbox != self._inbox:
            return []
        thread = await self._store.by_remote_start(self.name, f"{remote}/")
        return self._calls(kind, event, thread) if thread else []

    async def refused(self, call: Call) -> None:
        """An agent sees their own message as sent, so they are told in the conversation that it was not."""
        thread = await self._store.thread(self.name, call.case)
        if thread is None or not thread.remote or call.action is not Action.WRITE:
            return
        with contextlib.suppress(Undelivered):
            await self._note(thread, "Meldingen kom ikke fram: saken er avsluttet, eller noen andre har den.")

    def _verify(self, headers: Mapping[str, str], body: bytes, now: int) -> None:
        """``sha256=`` and the HMAC-SHA256 of the time stamp, a full stop and the body."""
        stamp, given = headers.get("X-Chatwoot-Timestamp", ""), headers.get("X-Chatwoot-Signature", "")
        at = signing.within_window(stamp, now)
        if not signing.matches(f"sha256={signing.digest(self._secret, at, body)}", given):
            raise SignatureRefused("signature")

    def _calls(self, kind: str, event: Mapping[str, Any], thread: Thread) -> list[Call]:
        case = thread.case
        if kind == "message_created":
            text = event.get("content")
            if event.get("message_type") != "outgoing" or event.get("private") or not isinstance(text, str):
                return []
            return [Call(f"message:{event.get('id')}", Action.WRITE, case, _WORKER, text=text, takes=True)]
        if kind == "conversation_status_changed" and event.get("status") == "resolved":
            return [Call(f"resolved:{case}:{thread.round}", Action.CLOSE, case, _WORKER)]
        if kind in ("conversation_typing_on", "conversation_typing_off") and not event.get("is_private"):
            return [Call("", Action.TYPING, case, _WORKER, on=kind.endswith("_on"))]
        return []


def _numbers(thread: Thread) -> tuple[str, str]:
    conversation, _, contact = thread.remote.partition("/")
    return conversation, contact


def _told(line: Line) -> str:
    return f"{_WRITERS.get(line.by, line.by)}: {line.text}"


def _found(answer: Any, *path: str) -> Any:
    for name in path:
        answer = answer.get(name) if isinstance(answer, dict) else None
    if answer is None:
        raise Undelivered("answer")
    return answer
