"""Training says how long it has to go, whatever is printed meanwhile."""

from __future__ import annotations

import contextlib
import io
import sys
import time

import pytest

from bot import training


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
