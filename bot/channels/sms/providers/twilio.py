"""Twilio's Programmable Messaging: form fields in, form fields out."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import datetime

from bot.channels.signing import matches
from bot.channels.sms.base import Call, HttpProvider, have, need, permanent, taken, temporary
from bot.channels.sms.model import Answer, Incoming, Item, Outgoing, Raw, Report, Sent, Untrusted, Unusable

_STATES = {
    "queued": "accepted",
    "accepted": "accepted",
    "sending": "accepted",
    "sent": "accepted",
    "delivered": "delivered",
    "read": "delivered",
    "undelivered": "failed",
    "failed": "failed",
    "canceled": "failed",
}
# Twilio's own codes for «not now»: too many requests, queue full, the account's limits, an internal error.
_NOT_NOW = {20003, 20429, 20500, 20503, 21611, 30001, 30022}


class Twilio(HttpProvider):
    """Signed with the account's token; ``public_url`` must be the address that Twilio was given."""

    name = "twilio"
    published_url = "https://api.twilio.com/2010-04-01/Accounts"
    needs = ("user", "password", "public_url")

    def verify(self, raw: Raw, now: datetime) -> None:
        """HMAC-SHA1 over the address and the sorted form fields, in base64."""
        signed = raw.url + "".join(name + raw.form[name] for name in sorted(raw.form))
        key = (self.account.callback_password or self.account.password).encode()
        expected = base64.b64encode(hmac.digest(key, signed.encode("utf-8", "surrogatepass"), hashlib.sha1)).decode()
        if not matches(expected, raw.headers.get("x-twilio-signature", "")):
            raise Untrusted("signature")

    def parse(self, raw: Raw) -> list[Item]:
        fields = raw.fields
        identifier = need(fields, "MessageSid", "SmsSid")
        status = fields.get("MessageStatus", "")
        if status:
            state = _STATES.get(status)
            if state is None:
                return [Unusable(self.name, identifier, "unknown_status")]
            return [Report(self.name, identifier, state, raw.query.get("ref", ""))]
        text = have(fields, "Body")
        if not text.strip() and fields.get("NumMedia", "0") not in ("", "0"):
            return [Unusable(self.name, identifier, "picture")]
        return [Incoming(self.name, identifier, need(fields, "From"), need(fields, "To"), text)]

    def ok(self) -> Answer:
        # An empty TwiML document: nothing is said on the spot.
        return Answer(200, '<?xml version="1.0" encoding="UTF-8"?><Response/>', "text/xml")

    def call(self, outgoing: Outgoing) -> Call:
        sender = "MessagingServiceSid" if self.account.sender.startswith("MG") else "From"
        form = {"To": outgoing.to, sender: self.account.sender, "Body": outgoing.text}
        form["StatusCallback"] = self.report_url(outgoing.id)
        form["ValidityPeriod"] = str(min(self.account.minutes * 60, 36_000))
        return Call(
            f"{self.url}/{self.account.user}/Messages.json",
            form=form,
            user=self.account.user,
            password=self.account.password,
        )

    def read(self, status: int, body: str) -> Sent:
        said = json.loads(body)
        if status < 300:
            return taken(said["sid"])
        code = int(said["code"])
        return temporary(code) if code in _NOT_NOW else permanent(code)
