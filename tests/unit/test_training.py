"""Training says how long it has to go, whatever is printed meanwhile."""

from __future__ import annotations

import contextlib
import io
import sys
import time

import pytest
from rasa.shared.exceptions import YamlException
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader
from rasa.shared.utils import io as rasa_io
from rasa.shared.utils import validation

from bot import training
from tests.conftest import ROOT

MESSAGES = """
version: "3.1"
nlu:
- intent: bot.hilsen
  examples:
  - text: "hei"
    metadata: {urgency: none, form: nb}
"""


def test_progress_reaches_the_terminal_while_output_is_swallowed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "_EVERY_S", 0.02)
    terminal = sys.stderr
    with (
        training._progress(lambda line: terminal.write(f"{line}\n") and None, 60.0),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        time.sleep(0.1)
    assert capsys.readouterr().err.count("s igjen") >= 2


PLAIN = """
answer: no
on: yes
none: ~
figure: 12
share: 0.5
really: true
time: 12:30
day: 2026-05-06
code: 0800
list: [nn, e, off]
text: "no"
"""


def test_long_texts_are_read_as_rasa_reads_them(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = rasa_io.read_yaml(PLAIN)
    monkeypatch.setattr(training, "_LONG", 0)
    with training._reading_once():
        found = rasa_io.read_yaml(PLAIN)
    assert {name: str(value) for name, value in found.items() if name != "code"} == {
        name: str(value) for name, value in wanted.items() if name != "code"
    }


def test_the_messages_are_read_as_rasa_reads_them() -> None:
    content = (ROOT / "data" / "nlu" / "lemlestelse.yml").read_text("utf-8")
    wanted = RasaYAMLReader().reads(content).fingerprint()
    with training._reading_once():
        assert RasaYAMLReader().reads(content).fingerprint() == wanted


def test_what_is_read_once_is_read_as_rasa_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    as_rasa = RasaYAMLReader().reads(MESSAGES)
    read = []
    parse = rasa_io.read_yaml
    monkeypatch.setattr(rasa_io, "read_yaml", lambda *given: read.append(given[0]) or parse(*given))
    before = rasa_io.read_yaml, validation.validate_yaml_schema
    with training._reading_once():
        first, second = RasaYAMLReader().reads(MESSAGES), RasaYAMLReader().reads(MESSAGES)
    assert (rasa_io.read_yaml, validation.validate_yaml_schema) == before
    assert read.count(MESSAGES) == 1
    assert first.fingerprint() == second.fingerprint() == as_rasa.fingerprint()
    assert first.intent_examples[0] is not second.intent_examples[0]


@pytest.mark.parametrize("broken", [MESSAGES.replace("intent:", "intnet:"), MESSAGES.replace("{urgency", "urgency")])
def test_what_is_wrong_is_still_reported(broken: str) -> None:
    with training._reading_once(), pytest.raises(YamlException):
        RasaYAMLReader().reads(broken)
