"""Signatures: as the documentation works one out, and refused when anything is changed."""

from __future__ import annotations

import hashlib
import hmac
import re

import pytest

from bot.channels import signing
from bot.errors import SignatureRefused
from tests.conftest import ROOT

SECRET, AT = "en-lang-hemmelighet-som-bare-dere-har", 1764324000
BODY = b'{"id":"k1","action":"take","case":"sak1","worker":"anna"}'


def test_a_signature_is_what_was_signed() -> None:
    expected = hmac.new(SECRET.encode(), f"{AT}.".encode() + BODY, hashlib.sha256).hexdigest()
    assert signing.sign([SECRET], BODY, AT) == f"t={AT},v1={expected}"
    signing.verify([SECRET], f"t={AT},v1={expected}", BODY, AT + 299)


def test_the_worked_example_of_the_documentation_is_right() -> None:
    page = (ROOT / "docs" / "handoff-channels.md").read_text("utf-8")
    (given,) = re.findall(r"Hjemvei-Signature: (t=\d+,v1=[0-9a-f]{64})", page)
    assert SECRET in page
    assert BODY.decode() in page
    assert given == signing.sign([SECRET], BODY, AT)


def test_a_secret_can_be_replaced_without_a_break() -> None:
    signing.verify(["ny-hemmelighet-her", SECRET], signing.sign([SECRET], BODY, AT), BODY, AT)
    signing.verify([SECRET], signing.sign(["ny-hemmelighet-her", SECRET], BODY, AT), BODY, AT)


RIGHT = signing.digest(SECRET, AT, BODY)


@pytest.mark.parametrize(
    ("header", "body", "now"),
    [
        ("", BODY, AT),
        (f"t={AT}", BODY, AT),
        (f"v1={RIGHT}", BODY, AT),
        (f"t={AT},v1={RIGHT[:-1]}0", BODY, AT) if RIGHT[-1] != "0" else (f"t={AT},v1={RIGHT[:-1]}1", BODY, AT),
        (f"t={AT},v1={RIGHT}", BODY + b" ", AT),
        (f"t={AT + 1},v1={RIGHT}", BODY, AT),
        (f"t={AT},v1={RIGHT}", BODY, AT + 301),
        (f"t={AT},v1={RIGHT}", BODY, AT - 301),
        (f"t={AT},t={AT},v1={RIGHT}", BODY, AT),
        (f"t=-{AT},v1={RIGHT}", BODY, AT),
        (f"t=٣,v1={RIGHT}", BODY, AT),
        ("t=" + "9" * 5000 + f",v1={RIGHT}", BODY, AT),
        (f"t={AT},v0={RIGHT}", BODY, AT),
        (f"t={AT},v1=æøå\udcff", BODY, AT),
    ],
)
def test_anything_else_is_refused(header: str, body: bytes, now: int) -> None:
    with pytest.raises(SignatureRefused):
        signing.verify([SECRET], header, body, now)
