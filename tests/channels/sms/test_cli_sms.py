"""`hjemvei sms …`, run as a person runs it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner, Result

from bot.cli_sms import sms
from bot.language import gsm7
from tests.test_cli import _run


def _send(number: str, text: str, settings: dict[str, str]) -> Result:
    return CliRunner().invoke(sms, ["send", number, text], env=settings)


class _Gateway(BaseHTTPRequestHandler):
    """A gateway that takes messages, or refuses them."""

    status = 202
    seen: ClassVar[list[dict[str, list[str]]]] = []

    def do_GET(self) -> None:
        self.seen.append(parse_qs(urlsplit(self.path).query))
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(b"0: Accepted for delivery")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def gateway() -> Iterator[dict[str, str]]:
    """The settings for it."""
    _Gateway.status, _Gateway.seen = 202, []
    server = HTTPServer(("127.0.0.1", 0), _Gateway)
    Thread(target=server.serve_forever, daemon=True).start()
    yield {
        "HJEMVEI_SMS_PROVIDER": "kannel",
        "HJEMVEI_SMS_URL": f"http://127.0.0.1:{server.server_port}/cgi-bin/sendsms",
        "HJEMVEI_SMS_USER": "tester",
        "HJEMVEI_SMS_PASSWORD": "secret",
        "HJEMVEI_SMS_FROM": "2080",
    }
    server.shutdown()


def test_receive_shows_each_message_with_its_parts_and_alphabet() -> None:
    lines = [
        {"id": "a1", "person": "a", "text": "Lag en plan før reisen"},
        {"id": "a2", "person": "a", "text": "1"},
        {"id": "b1", "text": "أخذوا جواز سفري"},
        {"id": "b2"},
        {"id": "a3", "person": "a", "text": "STOPP"},
        {"id": "a4", "person": "a", "text": "STOPP"},
    ]
    done = _run("sms", "receive", "--jsonl", given="".join(json.dumps(line) + "\n" for line in lines) + "tull\n")
    assert done.returncode == 1, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == ["a1", "a2", "b1", "b2", "a3", "a4", None]
    assert "error" in answers[3]
    assert "error" in answers[6]
    assert "1 Under 18" in answers[0]["messages"][0]["text"]
    assert "Hvilket land" in answers[1]["messages"][0]["text"]
    assert [message["alphabet"] for message in answers[2]["messages"]] == ["UCS-2"]
    assert len(answers[4]["messages"]) == 1
    assert answers[5]["messages"] == []
    for answer in answers:
        for message in answer.get("messages", ()):
            assert message["parts"] == gsm7.parts(message["text"]) <= 3
            assert message["characters"] == len(message["text"])


def test_send_hands_the_message_to_the_provider(gateway: dict[str, str]) -> None:
    done = _send("400 00 000", "«Hei» – her er svaret", gateway)
    assert done.exit_code == 0, done.stderr
    assert "1 del, GSM-7" in done.stdout
    assert [(seen["to"], seen["text"]) for seen in _Gateway.seen] == [(["+4740000000"], ['"Hei" - her er svaret'])]


def test_send_says_when_the_provider_refuses(gateway: dict[str, str]) -> None:
    _Gateway.status = 403
    done = _send("+4740000000", "hei", gateway)
    assert done.exit_code == 1
    assert "tok ikke imot" in done.stderr
    assert "40000000" not in done.stdout + done.stderr


@pytest.mark.parametrize(("number", "text"), [("112", "hei"), ("ikke et nummer", "hei"), ("40000000", "a" * 500)])
def test_send_refuses_what_cannot_be_sent(gateway: dict[str, str], number: str, text: str) -> None:
    done = _send(number, text, gateway)
    assert done.exit_code == 1
    assert done.stderr
    assert _Gateway.seen == []


def test_send_without_a_provider_says_what_to_set() -> None:
    done = _send("40000000", "hei", {})
    assert done.exit_code == 2
    assert "HJEMVEI_SMS_PROVIDER" in done.stderr
