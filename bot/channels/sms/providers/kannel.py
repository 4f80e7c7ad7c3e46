"""Kannel, one's own gateway: an address template in, ``sendsms`` out, delivery reports by a mask of bits."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from bot.channels.sms.base import Call, HttpProvider, have, need, permanent, taken, temporary
from bot.channels.sms.model import Incoming, Item, Malformed, Outgoing, Raw, Report, Sent, Unusable

_STATES = {"1": "delivered", "2": "failed", "4": "buffered", "8": "accepted", "16": "failed"}
_ALL_REPORTS = "31"
_BINARY, _UCS2 = "1", "2"


class Kannel(HttpProvider):
    """``get-url`` in Kannel: ``…?sender=%p&receiver=%P&text=%b&id=%I&coding=%c``, with ``max-messages = 0``."""

    name = "kannel"
    needs = ("user", "password", "sender")

    def parse(self, raw: Raw) -> list[Item]:
        fields = raw.fields
        if "dlr" in fields:
            state = _STATES.get(fields["dlr"])
            if state is None:
                return [Unusable(self.name, fields.get("ref", ""), "unknown_status")]
            reference = need(fields, "ref")
            return [Report(self.name, reference, state, reference)]
        identifier, sender, receiver = need(fields, "id"), need(fields, "sender"), need(fields, "receiver")
        if fields.get("coding") == _BINARY:
            return [Unusable(self.name, identifier, "binary")]
        text = have(fields, "text")
        if fields.get("coding") == _UCS2:
            text = _from_bytes(raw.url)
        return [Incoming(self.name, identifier, sender, receiver, text)]

    def call(self, outgoing: Outgoing) -> Call:
        query = {
            "username": self.account.user,
            "password": self.account.password,
            "from": self.account.sender,
            "to": outgoing.to,
            "text": outgoing.text,
            "charset": "UTF-8",
            "coding": "2" if outgoing.unicode else "0",
            "validity": str(self.account.minutes),
        }
        if self.account.public_url:
            query |= {"dlr-mask": _ALL_REPORTS, "dlr-url": f"{self.report_url(outgoing.id)}&dlr=%d"}
        return Call(self.url, "GET", query=query)

    def read(self, status: int, body: str) -> Sent:
        # «0: Accepted for delivery», «3: Queued for later delivery»; 4xx with a word for what is wrong.
        code = body.partition(":")[0].strip()
        if status == 202 and code in ("0", "3"):
            return taken("")
        return temporary(f"status_{status}") if status < 400 else permanent(f"status_{status}")


def _from_bytes(url: str) -> str:
    """The text of a UCS-2 message: Kannel puts its bytes (UTF-16, most significant first) into the address as they
    are. ``%b`` keeps them; ``%a`` would take some for spaces. Raises Malformed."""
    values = parse_qs(urlsplit(url).query, keep_blank_values=True, encoding="latin-1")
    try:
        return values["text"][0].encode("latin-1").decode("utf-16-be")
    except (KeyError, UnicodeError) as error:
        raise Malformed("no_text") from error
