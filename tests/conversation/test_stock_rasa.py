"""The plain Rasa commands work in the root, over the same model, data and actions."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from tests.conftest import ROOT
from tests.storage.conftest import free_port

BIN = Path(sys.executable).parent

# These commands load everything anew, and take minutes on a busy machine.
pytestmark = pytest.mark.timeout(900)


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(BIN / "rasa"), *arguments], cwd=ROOT, capture_output=True, text=True, timeout=850, check=False
    )


@contextmanager
def _running(*arguments: str) -> Iterator[None]:
    server = subprocess.Popen(
        [str(BIN / "rasa"), *arguments], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        server.terminate()
        server.wait(timeout=20)


def _post(address: str, body: object, seconds: float = 90.0) -> object:
    """The answer, once the server that is starting gives one."""
    request = urllib.request.Request(address, json.dumps(body).encode(), {"Content-Type": "application/json"})
    until = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return json.load(response)
        except urllib.error.URLError:
            if time.monotonic() > until:
                raise
            time.sleep(0.5)


def test_rasa_data_validate_has_no_warning() -> None:
    done = _run("data", "validate", "--fail-on-warnings", "--max-history", "5")
    assert done.returncode == 0, done.stdout[-2000:]
    assert "UserWarning" not in done.stdout + done.stderr


def test_rasa_test_passes_every_story(model: Path, tmp_path: Path) -> None:
    archive = str(next(model.glob("*.tar.gz")))
    done = _run("test", "core", "--model", archive, "--stories", "tests/stories", "--out", str(tmp_path), "--no-plot")
    assert done.returncode == 0, done.stderr[-2000:]
    failed = yaml.safe_load((tmp_path / "failed_test_stories.yml").read_text("utf-8"))
    assert failed is None, failed
    report = json.loads((tmp_path / "story_report.json").read_text("utf-8"))
    assert report["accuracy"] == 1.0


def test_rasa_run_answers_with_the_actions_of_rasa_run_actions(model: Path, tmp_path: Path) -> None:
    actions, server = free_port(), free_port()
    endpoints = tmp_path / "endpoints.yml"
    endpoints.write_text(f"action_endpoint:\n  url: http://127.0.0.1:{actions}/webhook\n", "utf-8")
    archive = str(next(model.glob("*.tar.gz")))
    os.environ["SANIC_HOST"] = "127.0.0.1"
    with (
        _running("run", "actions", "--port", str(actions)),
        _running("run", "--model", archive, "--port", str(server), "-i", "127.0.0.1", "--endpoints", str(endpoints)),
    ):
        said = _post(
            f"http://127.0.0.1:{server}/webhooks/rest/webhook",
            {"sender": "t", "message": "jeg er i pakistan og de har tatt passet mitt"},
        )
    assert isinstance(said, list)
    assert "+47 23 95 00 00" in said[0]["text"]
    assert len(said) > 2
