"""Eurobate: the «pull» interface in (an address of one's own with its words in it), the JSON interface out."""

from __future__ import annotations

import json
from typing import Any

from bot.channels.sms.base import Call, HttpProvider, digits, need, permanent, taken, temporary
from bot.channels.sms.model import Incoming, Item, Malformed, Outgoing, Raw, Report, Sent, Unusable

_STATES = {
    "sendt": "accepted",
    "billed": "accepted",
    "acked": "accepted",
    "buffered": "buffered",
    "delivered": "delivered",
    "rejected": "failed",
    "failed": "failed",
}


class Eurobate(HttpProvider):
    """Address to give: ``…?gsm=GSM&land=LAND&melding=MELDING&kortnr=KORTNR``. It signs nothing and gives no id."""

    name = "eurobate"
    published_url = "https://api.eurobate.com/json_api.php"

    def parse(self, raw: Raw) -> list[Item]:
        fields = {name.lower(): value for name, value in raw.fields.items()}
        if "status" in fields:
            reference = need(fields, "ref")
            state = _STATES.get(fields["status"].lower())
            if state is None:
                return [Unusable(self.name, reference, "unknown_status")]
            return [Report(self.name, reference, state, reference)]
        sender, country = need(fields, "gsm"), fields.get("land", "").lstrip("+0")
        if country.isdigit() and country != "47" and not sender.startswith(("+", "00", country)):
            sender = f"+{country}{sender}"
        text = fields.get("melding", fields.get("tekst"))
        if text is None:
            raise Malformed("no_melding")
        return [Incoming(self.name, "", sender, fields.get("kortnr", "") or fields.get("subnummer", ""), text)]

    def call(self, outgoing: Outgoing) -> Call:
        message: dict[str, Any] = {
            "originator": self.account.sender,
            "msisdn": int(digits(outgoing.to)),
            "message": outgoing.text,
        }
        if self.account.public_url:
            message["dlrurl"] = self.report_url(outgoing.id)
        whole = {
            "user": self.account.user,
            "password": self.account.password,
            "ttl": max(300, self.account.minutes * 60),
            "messages": [message],
        }
        return Call(self.url, json=whole)

    def read(self, status: int, body: str) -> Sent:
        said = json.loads(body)
        if str(said.get("STATUS", "")).upper() == "ERROR" or not said.get("messages"):
            # Name and password, or an address of ours that is not registered with them.
            return temporary("account")
        first = said["messages"][0]
        error = int(first.get("error", 0))
        return permanent(f"error_{error}") if error else taken(first.get("transactionid"))
