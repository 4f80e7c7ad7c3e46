"""The commands, run as a person runs them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from bot.gateway.openapi import REPLY
from tests.conftest import ROOT

HJEMVEI = Path(sys.executable).parent / "hjemvei"


def _run(*arguments: str, given: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(HJEMVEI), *arguments],
        cwd=ROOT,
        input=given,
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, **environment},
        check=False,
    )


@pytest.mark.parametrize("command", [[], ["ask"], ["serve"], ["train"], ["knowledge"], ["knowledge", "check"]])
def test_every_command_explains_itself(command: list[str]) -> None:
    done = _run(*command, "--help")
    assert done.returncode == 0
    assert "Usage: hjemvei" in done.stdout


def test_ask_prints_the_answer_as_a_person_reads_it(model: Path) -> None:
    done = _run("ask", "jeg er i pakistan og de har tatt passet mitt")
    assert done.returncode == 0
    assert "+47 23 95 00 00" in done.stdout
    assert "Dette kan du gjøre nå" in done.stdout
    assert done.stderr == ""


def test_ask_json_is_the_contract(model: Path) -> None:
    done = _run("ask", "--json", "jeg er i pakistan og de har tatt passet mitt")
    reply = json.loads(done.stdout)
    jsonschema.validate(reply, REPLY)
    assert reply["topic"] in ("utland.pass_tatt", "utland.er_i_utlandet")
    assert reply["urgency"] in ("urgent", "acute")
    assert reply["contacts"]
    assert reply["sources"]


def test_ask_jsonl_answers_line_by_line_in_order(model: Path) -> None:
    lines = [
        json.dumps({"id": "a", "text": "pappa har låst meg inne", "conversation": "c1"}),
        "ikke json",
        json.dumps({"id": "b"}),
        json.dumps({"id": "c", "text": "hei"}),
        json.dumps({"id": "d", "text": "takk", "conversation": "c1"}),
        json.dumps({"id": "e", "text": "hei", "channel": "brevdue"}),
        json.dumps({"id": "f", "text": "a" * 3000}),
        json.dumps({"id": "g", "text": "de har tatt passet mitt", "channel": "sms"}),
        json.dumps(["hei"]),
    ]
    done = _run("ask", "--jsonl", given="\n".join(lines) + "\n")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1
    assert [answer["id"] for answer in answers] == ["a", None, "b", "c", "d", "e", "f", "g", None]
    assert ["error" in answer for answer in answers] == [False, True, True, False, False, True, True, False, True]
    by_id = {answer["id"]: answer for answer in answers}
    assert by_id["d"]["conversation"] == "c1"
    assert by_id["d"]["urgency"] == "acute"
    assert by_id["c"]["urgency"] == "none"
    for answer in answers:
        if "error" not in answer:
            jsonschema.validate(answer, REPLY)


def test_ask_jsonl_of_sound_lines_exits_0(model: Path) -> None:
    assert _run("ask", "--jsonl", given=json.dumps({"id": 1, "text": "hei"})).returncode == 0


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"HJEMVEI_MODELS": "/nonexistent"}, "Kjør «make train»"),
        ({"HJEMVEI_KNOWLEDGE": "/nonexistent"}, "HJEMVEI_KNOWLEDGE"),
        ({"HJEMVEI_PORT": "mange"}, "HJEMVEI_PORT"),
        ({"HJEMVEI_FOLDER": "/proc/hjemvei"}, "HJEMVEI_FOLDER"),
        ({"HJEMVEI_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/x"}, "HJEMVEI_DATABASE_URL"),
        ({"HJEMVEI_KEY": "kort"}, "HJEMVEI_KEY"),
    ],
)
def test_serve_that_cannot_start_says_what_to_do_and_exits_2(environment: dict[str, str], says: str) -> None:
    done = _run("serve", "--port", "0", **environment)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_broken_article_stops_the_start_with_file_and_line(tmp_path: Path) -> None:
    knowledge = tmp_path / "knowledge"
    subprocess.run(["cp", "-r", str(ROOT / "knowledge"), str(knowledge)], check=True)
    article = knowledge / "articles" / "utland" / "pass_tatt.md"
    article.write_text(article.read_text("utf-8").replace("## Kort", "## Kortt", 1), "utf-8")
    done = _run("serve", "--port", "0", HJEMVEI_KNOWLEDGE=str(knowledge))
    assert done.returncode == 2
    assert "pass_tatt.md:" in done.stderr
    assert "Kortt" in done.stderr


def test_knowledge_check_is_clean() -> None:
    done = _run("knowledge", "check")
    assert done.returncode == 0, done.stdout
    assert " feil:" not in done.stdout


def test_knowledge_report_show_and_search(tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    assert _run("knowledge", "report", "--html", str(page)).returncode == 0
    assert "<table>" in page.read_text("utf-8")
    sms = _run("knowledge", "show", "utland.pass_tatt", "--as", "sms")
    assert "+47 23 95 00 00" in sms.stdout
    assert _run("knowledge", "show", "finnes.ikke").returncode == 1
    assert "hjelp.krisesenter" in _run("knowledge", "search", "krisesenter for menn").stdout
