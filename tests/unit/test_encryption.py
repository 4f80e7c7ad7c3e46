from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import SettingError, StartError
from bot.settings import Secret, Settings
from bot.storage.encryption import Vault, new_key, open_vault


def test_what_is_sealed_can_be_opened_and_does_not_show() -> None:
    vault = Vault(b"k" * 32)
    sealed = vault.seal("c1", "events:0", b"de tok passet")
    assert b"passet" not in sealed
    assert vault.open("c1", "events:0", sealed) == b"de tok passet"


@pytest.mark.parametrize(
    ("key", "conversation", "place"),
    [(b"x" * 32, "c1", "events:0"), (b"k" * 32, "c2", "events:0"), (b"k" * 32, "c1", "events:6")],
)
def test_another_key_conversation_or_place_does_not_open_it(key: bytes, conversation: str, place: str) -> None:
    sealed = Vault(b"k" * 32).seal("c1", "events:0", b"ord")
    with pytest.raises(StartError):
        Vault(key).open(conversation, place, sealed)


def test_the_key_file_is_made_once_and_is_private(tmp_path: Path) -> None:
    settings = Settings(folder=tmp_path / "var")
    sealed = open_vault(settings).seal("c", "p", b"ord")
    path = tmp_path / "var" / "key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert open_vault(settings).open("c", "p", sealed) == b"ord"


def test_a_key_that_is_no_key_stops_the_start() -> None:
    with pytest.raises(SettingError, match="HJEMVEI_KEY"):
        open_vault(replace(Settings(), key=Secret("kort")))
    open_vault(replace(Settings(), key=Secret(new_key())))


def test_a_folder_that_cannot_be_written_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file, not a folder")
    with pytest.raises(StartError, match="HJEMVEI_FOLDER"):
        open_vault(Settings(folder=tmp_path / "var"))
