"""What each provider's requests and answers look like, as it publishes them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from bot.channels.sms.base import Account
from bot.channels.sms.model import Raw

NUMBER = "+4790012345"
OUR_NUMBER = "26300"
SECRET = "hemmelig-adresse-1234"
PUBLIC = "https://hjelp.eksempel.no"
PASSWORD, CALLBACK = "passord-ut", "passord-inn"


def raw(
    provider: str,
    *,
    query: Mapping[str, str] | None = None,
    form: Mapping[str, str] | None = None,
    body: object = None,
    headers: Mapping[str, str] | None = None,
) -> Raw:
    """A request as the route hands it on."""
    given = dict(query or {})
    url = f"{PUBLIC}/sms/{provider}/{SECRET}" + (f"?{urlencode(given)}" if given else "")
    data = urlencode(form).encode() if form else b""
    kind = "application/x-www-form-urlencoded" if form else ""
    if body is not None:
        data, kind = (body if isinstance(body, bytes) else json.dumps(body).encode()), "application/json"
    method = "POST" if form or body is not None else "GET"
    return Raw(method, url, given, dict(form or {}), data, {"content-type": kind, **(headers or {})}, "127.0.0.1")


@dataclass(frozen=True)
class Case:
    """One provider under the contract."""

    name: str
    account: Account
    incoming: Callable[[str, str], Raw]
    """A message with this id and text from NUMBER."""
    report: Callable[[str, str], Raw]
    """A delivery report of our message with this reference; the state as the provider writes it."""
    states: Mapping[str, str]
    """Each of its words for a state, and ours."""
    incomplete: Callable[[], tuple[Raw, ...]]
    """Made when they are needed, as the time in a signature grows old."""
    taken: tuple[int, str, str]
    """Status, body, and the id in it."""
    permanent: tuple[tuple[int, str], ...]
    temporary: tuple[tuple[int, str], ...]
    forged: Callable[[], tuple[Raw, ...]] = tuple
    unusable: Callable[[], tuple[Raw, ...]] = tuple
    has_ids: bool = True
    tells_reference: bool = True
    """Whether our id goes out with the message."""
    part: Callable[[str, int, int], Raw] | None = field(default=None)


def without(make: Callable[[dict[str, Any]], Raw], fields: Mapping[str, Any], *names: str) -> tuple[Raw, ...]:
    """The request once for each of these fields, with that one left out."""
    return tuple(make({k: v for k, v in fields.items() if k != gone}) for gone in names)


def account(**more: object) -> Account:
    given = {"sender": OUR_NUMBER, "user": "bruker", "password": PASSWORD, "public_url": PUBLIC, "secret": SECRET}
    return Account(**{**given, **more})  # type: ignore[arg-type]


# Twilio


def twilio(form: Mapping[str, str], query: Mapping[str, str] | None = None, key: str = PASSWORD) -> Raw:
    request = raw("twilio", form=form, query=query)
    signed = request.url + "".join(name + form[name] for name in sorted(form))
    signature = base64.b64encode(hmac.new(key.encode(), signed.encode(), hashlib.sha1).digest()).decode()
    return raw("twilio", form=form, query=query, headers={"x-twilio-signature": signature})


def _twilio_in(identifier: str, text: str) -> dict[str, str]:
    return {"MessageSid": identifier, "From": NUMBER, "To": "+4759440000", "Body": text, "SmsStatus": "received"}


_TWILIO = Case(
    "twilio",
    account(),
    incoming=lambda identifier, text: twilio(_twilio_in(identifier, text)),
    report=lambda reference, state: twilio({"MessageSid": "SM1", "MessageStatus": state}, {"ref": reference}),
    states={"queued": "accepted", "sent": "accepted", "delivered": "delivered", "undelivered": "failed"},
    incomplete=lambda: (*without(twilio, _twilio_in("SM1", "hei"), "MessageSid", "From", "To", "Body"),),
    forged=lambda: (
        twilio(_twilio_in("SM1", "hei"), key="gjettet"),
        raw("twilio", form=_twilio_in("SM1", "hei")),
        raw("twilio", query=_twilio_in("SM1", "hei")),
    ),
    unusable=lambda: (twilio({**_twilio_in("MM1", ""), "NumMedia": "1"}),),
    taken=(201, json.dumps({"sid": "SM9", "status": "queued"}), "SM9"),
    permanent=((400, '{"code": 21211, "message": "x"}'), (400, '{"code": 21610, "message": "x"}')),
    temporary=((429, '{"code": 20429}'), (400, '{"code": 21611, "message": "x"}'), (401, '{"code": 20003}')),
)


# Vonage


def vonage(fields: Mapping[str, str], *, key: str = CALLBACK, at: float | None = None, as_json: bool = False) -> Raw:
    signed = {**fields, "timestamp": str(int(time.time() if at is None else at))}
    text = "".join(f"&{k}={signed[k].replace('&', '_').replace('=', '_')}" for k in sorted(signed))
    signed["sig"] = hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()
    return raw("vonage", body=signed) if as_json else raw("vonage", query=signed)


def _vonage_in(identifier: str, text: str) -> dict[str, str]:
    return {
        "msisdn": "4790012345",
        "to": "4759440000",
        "messageId": identifier,
        "text": text,
        "type": "text",
        "message-timestamp": "2026-11-28 12:00:00",
    }


_VONAGE = Case(
    "vonage",
    account(callback_password=CALLBACK),
    incoming=lambda identifier, text: vonage(_vonage_in(identifier, text)),
    report=lambda reference, state: vonage(
        {"messageId": "V9", "msisdn": "4790012345", "status": state, "client-ref": reference}
    ),
    states={
        "accepted": "accepted",
        "buffered": "buffered",
        "delivered": "delivered",
        "expired": "expired",
        "rejected": "failed",
    },
    incomplete=lambda: (
        *without(vonage, _vonage_in("V1", "hei"), "messageId", "msisdn", "to", "text"),
        vonage({**_vonage_in("V1", "a"), "concat": "true", "concat-ref": "1", "concat-part": "x", "concat-total": "2"}),
    ),
    forged=lambda: (
        vonage(_vonage_in("V1", "hei"), key="gjettet"),
        raw("vonage", query=_vonage_in("V1", "hei")),
        vonage(_vonage_in("V1", "hei"), at=time.time() - 26 * 3600),
        vonage(_vonage_in("V1", "hei"), at=time.time() + 3600),
        raw("vonage", body=b"{"),
    ),
    unusable=lambda: (vonage({**_vonage_in("V1", ""), "type": "binary", "data": "00ff"}),),
    taken=(200, json.dumps({"message-count": "1", "messages": [{"status": "0", "message-id": "V9"}]}), "V9"),
    permanent=(
        (200, '{"messages": [{"status": "6", "error-text": "x"}]}'),
        (200, '{"messages": [{"status": "7"}]}'),
    ),
    temporary=((200, '{"messages": [{"status": "1"}]}'), (200, '{"messages": [{"status": "5"}]}')),
    part=lambda text, number, of: vonage(
        {
            **_vonage_in(f"V{number}", text),
            "concat": "true",
            "concat-ref": "77",
            "concat-part": str(number),
            "concat-total": str(of),
        }
    ),
)


# LINK Mobility


def link(body: object, user: str = "link", password: str = CALLBACK) -> Raw:
    code = base64.b64encode(f"{user}:{password}".encode()).decode()
    return raw("link_mobility", body=body, headers={"authorization": f"Basic {code}"})


def _link_in(identifier: str, text: str) -> dict[str, object]:
    return {"messageId": identifier, "source": NUMBER, "destination": "26300", "content": {"userData": text}}


_LINK = Case(
    "link_mobility",
    account(
        callback_user="link",
        callback_password=CALLBACK,
        url="https://link.eksempel.no",
        options={"platformId": "COMMON_API", "platformPartnerId": "1", "gate": "g"},
    ),
    incoming=lambda identifier, text: link(_link_in(identifier, text)),
    report=lambda reference, state: link({"id": "L9$0", "refId": reference, "resultCode": int(state)}),
    states={"1000": "accepted", "1001": "delivered", "1002": "expired", "1012": "buffered", "2104": "failed"},
    incomplete=lambda: (
        *without(link, _link_in("L1", "hei"), "messageId", "source", "destination", "content"),
        link(b"{"),
        link([]),
        link({**_link_in("L1", ""), "content": []}),
    ),
    forged=lambda: (
        link(_link_in("L1", "hei"), password="gjettet"),
        link(_link_in("L1", "hei"), user="noen"),
        raw("link_mobility", body=_link_in("L1", "hei")),
        raw("link_mobility", body=_link_in("L1", "hei"), headers={"authorization": "Basic %%%"}),
        raw("link_mobility", body=_link_in("L1", "hei"), headers={"authorization": "Bearer x"}),
    ),
    unusable=lambda: (link({**_link_in("L1", "00ff"), "content": {"userData": "00ff", "dcs": "BINARY"}}),),
    taken=(200, '{"messageId": "L9", "resultCode": 1005, "description": "Queued"}', "L9"),
    permanent=((400, '{"status": 106101, "description": "x"}'),),
    temporary=((200, '{"messageId": "L9", "resultCode": 1}'), (401, "{}")),
)


# Sveve


def _sveve_in(text: str) -> dict[str, str]:
    return {"number": "90012345", "msg": text, "prefix": "HJELP", "shortnumber": "26300"}


_SVEVE = Case(
    "sveve",
    account(),
    incoming=lambda identifier, text: raw("sveve", query=_sveve_in(text)),
    report=lambda reference, state: raw(
        "sveve", query={"number": "4790012345", "status": state, "id": "42", "ref": reference, "errorCode": ""}
    ),
    states={"true": "delivered", "false": "failed"},
    incomplete=lambda: (*without(lambda f: raw("sveve", query=f), _sveve_in("hei"), "number", "msg", "shortnumber"),),
    taken=(200, '{"response": {"msgOkCount": 1, "stdSMSCount": 1, "ids": [42]}}', "42"),
    permanent=((200, '{"response": {"msgOkCount": 0, "errors": [{"number": "90012345", "message": "x"}]}}'),),
    temporary=((200, '{"response": {"fatalError": "Feil brukernavn/passord"}}'),),
    has_ids=False,
)


# Eurobate


def _eurobate_in(text: str) -> dict[str, str]:
    return {"gsm": "90012345", "land": "47", "melding": text, "kortnr": "2030"}


_EUROBATE = Case(
    "eurobate",
    account(),
    incoming=lambda identifier, text: raw("eurobate", query=_eurobate_in(text)),
    report=lambda reference, state: raw("eurobate", query={"ref": reference, "status": state}),
    states={"sendt": "accepted", "buffered": "buffered", "delivered": "delivered", "failed": "failed"},
    incomplete=lambda: (*without(lambda f: raw("eurobate", query=f), _eurobate_in("hei"), "gsm", "melding"),),
    taken=(200, '{"LOGON": "OK", "messages": [{"msisdn": 4790012345, "transactionid": 7, "error": 0}]}', "7"),
    permanent=((200, '{"LOGON": "OK", "messages": [{"msisdn": 1, "transactionid": 0, "error": 3}]}'),),
    temporary=((200, '{"STATUS": "ERROR", "REASON": "x"}'), (200, '{"LOGON": "FAILED"}')),
    has_ids=False,
)


# Kannel


def _kannel_in(identifier: str, text: str) -> dict[str, str]:
    return {"sender": NUMBER, "receiver": "26300", "text": text, "id": identifier, "coding": "0"}


_KANNEL = Case(
    "kannel",
    account(url="http://127.0.0.1:13013/cgi-bin/sendsms"),
    incoming=lambda identifier, text: raw("kannel", query=_kannel_in(identifier, text)),
    report=lambda reference, state: raw("kannel", query={"ref": reference, "dlr": state}),
    states={"1": "delivered", "2": "failed", "4": "buffered", "8": "accepted", "16": "failed"},
    incomplete=lambda: (
        *without(lambda f: raw("kannel", query=f), _kannel_in("K1", "hei"), "sender", "receiver", "text", "id"),
        raw("kannel", query={"dlr": "1"}),
    ),
    unusable=lambda: (raw("kannel", query={**_kannel_in("K1", "\x00"), "coding": "1"}),),
    taken=(202, "0: Accepted for delivery", ""),
    permanent=((400, "Not routable. Do not try again."),),
    temporary=((202, "1: x"), (503, "Temporal failure, try again later."), (403, "Authorization failed")),
)


# Our own JSON


def generic(body: object, key: str = CALLBACK, at: float | None = None) -> Raw:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    seconds = str(int(time.time() if at is None else at))
    signature = hmac.new(key.encode(), f"{seconds}.".encode() + data, hashlib.sha256).hexdigest()
    return raw("json", body=data, headers={"hjemvei-signature": f"t={seconds},v1={signature}"})


def _json_in(identifier: str, text: str, **more: object) -> dict[str, object]:
    return {"id": identifier, "from": NUMBER, "to": "26300", "text": text, **more}


_JSON = Case(
    "json",
    account(callback_password=CALLBACK, url="https://sms.eksempel.no/send"),
    incoming=lambda identifier, text: generic(_json_in(identifier, text)),
    report=lambda reference, state: generic({"type": "report", "id": "J9", "reference": reference, "state": state}),
    states={state: state for state in ("accepted", "buffered", "delivered", "failed", "expired")},
    incomplete=lambda: (
        *without(generic, _json_in("J1", "hei"), "id", "from", "text"),
        generic(b"{"),
        generic([1]),
        generic({"messages": []}),
        generic(_json_in("J1", "x", part={"number": 1})),
    ),
    forged=lambda: (
        generic(_json_in("J1", "hei"), key="gjettet"),
        raw("json", body=_json_in("J1", "hei")),
        generic(_json_in("J1", "hei"), at=time.time() - 600),
        generic(_json_in("J1", "hei"), at=time.time() + 600),
    ),
    unusable=lambda: (generic(_json_in("J1", "", type="binary")),),
    taken=(200, '{"id": "J9"}', "J9"),
    permanent=((400, "{}"), (422, "")),
    temporary=((409, ""), (404, "")),
    part=lambda text, number, of: generic(
        _json_in(f"J{number}", text, part={"reference": "77", "number": number, "of": of})
    ),
)

CASES = {case.name: case for case in (_LINK, _SVEVE, _TWILIO, _VONAGE, _EUROBATE, _KANNEL, _JSON)}


def sent_as_is(request: Raw) -> tuple[str, str, dict[str, str], bytes]:
    """Method, path with query, headers and body, to send a Raw over HTTP."""
    path = request.url.removeprefix(PUBLIC)
    headers = {name.title(): value for name, value in request.headers.items() if value}
    return request.method, quote(path, safe="/?&=%+"), headers, request.body


def fields_of(body: bytes) -> dict[str, str]:
    return dict(parse_qsl(body.decode(), keep_blank_values=True))
