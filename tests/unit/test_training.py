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
