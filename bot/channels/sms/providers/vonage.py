"""Vonage's SMS API (formerly Nexmo). Long messages come in parts; what is not taken is repeated for 24 hours."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from bot.channels.signing import matches
from bot.channels.sms.base import (
    Account,
    Call,
    HttpProvider,
    Line,
    Observer,
    digits,
    have,
    need,
    permanent,
    taken,
    temporary,
)
from bot.channels.sms.model import Incoming, Item, Malformed, Outgoing, Part, Raw, Report, Sent, Untrusted, Unusable
from bot.errors import SettingError

_STATES = {
    "accepted": "accepted",
    "buffered": "buffered",
    "delivered": "delivered",
    "expired": "expired",
    "failed": "failed",
    "rejected": "failed",
}
_ALGORITHMS = ("md5hash", "md5", "sha1", "sha256", "sha512")
# Throttled, internal error, too many binds, no credit left; and 4: our own key or secret is wrong.
_NOT_NOW = {"1", "4", "5", "9", "10"}
# A repeat may carry the time of the first try, so the window is as long as Vonage repeats. Within it a message that
# is played back is known by its id, which is remembered for longer than the window.
_PAST, _FUTURE = timedelta(hours=25), timedelta(minutes=5)


class Vonage(HttpProvider):
    """``callback_password`` is the signature secret; option ``algorithm`` says how the account signs."""

    name = "vonage"
    published_url = "https://rest.nexmo.com/sms/json"

    def __init__(self, account: Account, line: Line, observer: Observer | None = None) -> None:
        super().__init__(account, line, observer)
        self._algorithm = account.options.get("algorithm", "sha256")
        if self._algorithm not in _ALGORITHMS:
            raise SettingError(f"HJEMVEI_SMS_OPTIONS: algorithm må være en av {', '.join(_ALGORITHMS)}.")

    def verify(self, raw: Raw, now: datetime) -> None:
        """The signature over the sorted fields, and a time that is not long past."""
        if not self.account.callback_password:
            return
        try:
            fields = _fields(raw)
        except Malformed as error:
            raise Untrusted("signature") from error
        if not matches(self._signature(fields), str(fields.get("sig", "")).lower()):
            raise Untrusted("signature")
        try:
            signed = datetime.fromtimestamp(int(str(fields["timestamp"])), timezone.utc)
        except (KeyError, ValueError, OverflowError, OSError) as error:
            raise Untrusted("time") from error
        if not -_PAST < signed - now < _FUTURE:
            raise Untrusted("time")

    def _signature(self, fields: Mapping[str, Any]) -> str:
        names = sorted(name for name in fields if name != "sig")
        signed = "".join(f"&{name}={_plain(str(fields[name]))}" for name in names).encode("utf-8", "surrogatepass")
        secret = self.account.callback_password.encode()
        if self._algorithm == "md5hash":
            return hashlib.md5(signed + secret, usedforsecurity=False).hexdigest()
        return hmac.digest(secret, signed, self._algorithm).hex()

    def parse(self, raw: Raw) -> list[Item]:
        fields = _fields(raw)
        identifier = need(fields, "messageId", "message-id")
        if "status" in fields:
            state = _STATES.get(str(fields["status"]))
            if state is None:
                return [Unusable(self.name, identifier, "unknown_status")]
            reference = fields.get("client-ref", "")
            return [Report(self.name, identifier, state, str(reference or raw.query.get("ref", "")))]
        if fields.get("type") == "binary":
            return [Unusable(self.name, identifier, "binary")]
        sender, receiver = need(fields, "msisdn"), need(fields, "to")
        return [Incoming(self.name, identifier, sender, receiver, have(fields, "text"), _part(fields), _time(fields))]

    def call(self, outgoing: Outgoing) -> Call:
        form = {
            "api_key": self.account.user,
            "api_secret": self.account.password,
            "from": digits(self.account.sender),
            "to": digits(outgoing.to),
            "text": outgoing.text,
            "type": "unicode" if outgoing.unicode else "text",
            "ttl": str(self.account.minutes * 60_000),
            "client-ref": outgoing.id,
        }
        if self.account.public_url:
            form["callback"] = self.report_url(outgoing.id)
        return Call(self.url, form=form)

    def read(self, status: int, body: str) -> Sent:
        messages = json.loads(body)["messages"]
        first = messages[0]
        code = str(first["status"])
        if code == "0":
            return taken(first["message-id"])
        return temporary(f"status_{code}") if code in _NOT_NOW else permanent(f"status_{code}")


def _fields(raw: Raw) -> Mapping[str, Any]:
    """The fields, which come in the address, as a form or as JSON."""
    if not raw.headers.get("content-type", "").startswith("application/json"):
        return {name: value for name, value in raw.fields.items() if name != "ref"}
    try:
        found = json.loads(raw.body)
    except (ValueError, RecursionError) as error:
        raise Malformed("json") from error
    if not isinstance(found, dict):
        raise Malformed("json")
    return found


def _plain(value: str) -> str:
    return value.replace("&", "_").replace("=", "_")


def _part(fields: Mapping[str, Any]) -> Part | None:
    if str(fields.get("concat", "")).lower() != "true":
        return None
    try:
        return Part(need(fields, "concat-ref"), int(need(fields, "concat-part")), int(need(fields, "concat-total")))
    except ValueError as error:
        raise Malformed("concat") from error


def _time(fields: Mapping[str, Any]) -> datetime | None:
    try:
        return datetime.fromisoformat(str(fields.get("message-timestamp"))).replace(tzinfo=timezone.utc)
    except ValueError:
        return None
