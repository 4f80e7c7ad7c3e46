"""Editors change files while the service runs."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest

from bot.bootstrap import Shelf
from tests.conftest import ROOT


@pytest.fixture
def own_shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Shelf, Path]:
    shutil.copytree(ROOT / "knowledge", tmp_path / "knowledge")
    monkeypatch.setenv("HJEMVEI_KNOWLEDGE", str(tmp_path / "knowledge"))
    shelf = Shelf()
    shelf.library()
    return shelf, tmp_path / "knowledge" / "articles" / "utland" / "pass_tatt.md"


def _write(path: Path, text: str, seconds: float) -> None:
    path.write_text(text, "utf-8")
    os.utime(path, (time.time() + seconds,) * 2)


def test_a_change_is_taken_into_use(own_shelf: tuple[Shelf, Path]) -> None:
    shelf, path = own_shelf
    assert not shelf.refresh()
    _write(path, path.read_text("utf-8").replace("title: ", "title: Nytt ", 1), 5)
    assert shelf.refresh()
    article = shelf.library().answers.article("utland.pass_tatt")
    assert article is not None
    assert article.title.startswith("Nytt ")
    assert shelf.problem == ""


def test_a_change_with_errors_keeps_the_earlier_version_and_says_so(own_shelf: tuple[Shelf, Path]) -> None:
    shelf, path = own_shelf
    before, sound = shelf.library(), path.read_text("utf-8")
    _write(path, sound.replace("## Kort", "## Kortt", 1), 5)
    assert not shelf.refresh()
    assert shelf.library() is before
    assert "pass_tatt.md" in shelf.problem
    assert "Kortt" in shelf.problem
    _write(path, sound, 50)
    assert shelf.refresh()
    assert shelf.problem == ""
