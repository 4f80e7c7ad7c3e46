"""Export and import: nothing is lost on the way, by one editor or by two."""

from __future__ import annotations

import csv
import io
import shutil
import threading
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from bot.bootstrap import Library
from bot.directory import importing, sheets
from bot.directory.cells import COLUMNS, cells, entry_from, version
from bot.directory.contacts import entries
from bot.errors import KnowledgeError
from tests.conftest import ROOT

TODAY = date(2026, 11, 28)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the contacts to change."""
    copy = tmp_path / "knowledge" / "contacts"
    shutil.copytree(ROOT / "knowledge" / "contacts", copy)
    return copy


def _rows(folder: Path) -> list[dict[str, str]]:
    findings: list[str] = []
    return sheets.rows_of([(path, entry) for path, _, entry in entries(folder, findings)])


def _edited(folder: Path, identifier: str, **fields: str) -> dict[str, str]:
    return {**next(row for row in _rows(folder) if row["id"] == identifier), **fields}


def _take(folder: Path, shelf: Library, *rows: Mapping[str, str]) -> list[importing.Difference]:
    changes = importing.differences(list(enumerate(rows, start=2)), folder)
    texts = importing.written(changes, folder)
    importing.verify(texts, folder, shelf.lookup.doors, TODAY)
    importing.put(texts)
    return changes


def test_every_field_of_every_contact_survives_the_way_out_and_back(folder: Path) -> None:
    findings: list[str] = []
    for _, _, entry in entries(folder, findings):
        back = {name: value for name, value in entry_from(cells(entry)).items() if value is not None}
        assert cells(back) == cells(entry)
        assert version(back) == version(entry)
        assert set(cells(entry)) <= set(COLUMNS)
    assert findings == []


@pytest.mark.parametrize("name", ["kontakter.csv", "kontakter.xlsx"])
def test_an_export_that_nobody_edited_changes_nothing(folder: Path, tmp_path: Path, name: str) -> None:
    sheets.write(tmp_path / name, _rows(folder))
    assert importing.differences(sheets.read(tmp_path / name), folder) == []


def test_a_sheet_keeps_zeros_and_is_no_formula(folder: Path, tmp_path: Path) -> None:
    text = sheets.as_csv(_rows(folder))
    for row in csv.DictReader(io.StringIO(text), delimiter=";"):
        assert not any(value.startswith(("=", "+", "-", "@")) for value in row.values())
    sheets.write(tmp_path / "a.xlsx", [_edited(folder, "politi_02800", note="=1+1")])
    ((_, row),) = sheets.read(tmp_path / "a.xlsx")
    assert row["phone"] == "02800"
    assert row["note"] == "=1+1"


def test_an_edited_row_changes_its_entry_and_no_other_character(folder: Path, shelf: Library) -> None:
    path = folder / "contacts.yml"
    before = path.read_text("utf-8").splitlines()
    changes = _take(folder, shelf, _edited(folder, "rosa", hours="Døgnåpent", note="Ringt 2026-11-27."))
    assert [(change.id, sorted(change.fields)) for change in changes] == [("rosa", ["hours", "note"])]
    after = path.read_text("utf-8").splitlines()
    new = [line for line in after if line not in before]
    assert [line.replace("'", "") for line in new] == ["  note: Ringt 2026-11-27."]
    assert "  hours: Døgnåpent" in after[after.index("- id: rosa") :][:15]


def test_a_new_row_becomes_an_entry(folder: Path, shelf: Library) -> None:
    row = _edited(folder, "rosa", id="ny_tjeneste", name="Ny tjeneste", aliases="", version="", file="lokale.yml")
    (change,) = _take(folder, shelf, row)
    assert change.new
    assert "- id: ny_tjeneste" in (folder / "lokale.yml").read_text("utf-8")
    assert "22 33 11 60" in (folder / "lokale.yml").read_text("utf-8")


def test_an_emptied_cell_empties_its_field(folder: Path, shelf: Library) -> None:
    _take(folder, shelf, _edited(folder, "rosa", anonymous=""))
    findings: list[str] = []
    entry = next(entry for _, _, entry in entries(folder, findings) if entry["id"] == "rosa")
    assert "anonymous" not in entry


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"phone": "22 33"}, "ikke et gyldig nummer"),
        ({"free": "kanskje"}, "ja eller nei"),
        ({"verified_on": "i går"}, "ÅÅÅÅ-MM-DD"),
        ({"age": "voksne"}, "16-25"),
        ({"open": "phone mandag"}, "mon-fri 09:00-15:00"),
        ({"open": "phone: mandag 09:00-15:00"}, "ikke en dag"),
        ({"sources": "en kilde uten dato"}, "kilden || datoen"),
        ({"sources": ""}, "ingen kilde"),
        ({"state": "vises"}, "«state» må være"),
        ({"needs": "finnes_ikke"}, "needs.yml"),
        ({"covers": "municipalities: Atlantis"}, "Atlantis"),
        ({"id": "Rosa!"}, "små bokstaver"),
        ({"id": ""}, "små bokstaver"),
        ({"version": ""}, "hent lista på nytt"),
        ({"version": "abc"}, "endret av noen andre"),
    ],
)
def test_a_row_that_cannot_be_taken_is_told_and_nothing_is_changed(
    folder: Path, shelf: Library, fields: dict[str, str], says: str
) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    good = _edited(folder, "jurk", note="Ringt.")
    changed = fields if "note" in fields else {"note": "Endret.", **fields}
    with pytest.raises(KnowledgeError) as raised:
        _take(folder, shelf, good, _edited(folder, "rosa", **changed))
    assert says in str(raised.value)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_every_bad_row_is_told_with_its_number(folder: Path, shelf: Library) -> None:
    rows = [_edited(folder, "rosa", free="x"), _edited(folder, "jurk"), _edited(folder, "seif", free="y"), _edited(folder, "jurk")]  # fmt: skip
    with pytest.raises(KnowledgeError) as raised:
        _take(folder, shelf, *rows)
    assert [finding.partition(":")[0] for finding in raised.value.findings] == ["rad 2", "rad 4", "rad 5"]


def test_two_editors_at_once_lose_nothing(folder: Path, shelf: Library) -> None:
    first, second = _rows(folder), _rows(folder)
    for row in first:
        if row["id"] == "rosa":
            row["note"] = "Den første ringte."
    for row in second:
        if row["id"] == "jurk":
            row["note"] = "Den andre ringte."
    _take(folder, shelf, *first)
    # The second sheet still has the old text of rosa; nobody edited that row, so it must not come back.
    _take(folder, shelf, *second)
    text = (folder / "contacts.yml").read_text("utf-8")
    assert "Den første ringte." in text
    assert "Den andre ringte." in text


def test_two_editors_of_the_same_contact_are_told_what_the_other_wrote(folder: Path, shelf: Library) -> None:
    mine, theirs = _edited(folder, "rosa", note="Min."), _edited(folder, "rosa", note="Deres.")
    _take(folder, shelf, theirs)
    with pytest.raises(KnowledgeError, match=r"endret av noen andre.*Deres.*Min"):
        _take(folder, shelf, mine)
    assert "Deres." in (folder / "contacts.yml").read_text("utf-8")


def test_imports_at_the_same_time_wait_for_each_other(folder: Path, shelf: Library, tmp_path: Path) -> None:
    rows = {name: _edited(folder, name, note=f"Fra {name}.") for name in ("rosa", "jurk", "seif", "noas")}
    failed: list[Exception] = []

    def take(row: Mapping[str, str]) -> None:
        try:
            with importing.one_at_a_time(tmp_path / "lock"):
                _take(folder, shelf, row)
        except (KnowledgeError, OSError) as error:
            failed.append(error)

    threads = [threading.Thread(target=take, args=(row,)) for row in rows.values()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    text = (folder / "contacts.yml").read_text("utf-8")
    assert all(f"Fra {name}." in text for name in rows)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.csv", b"", "tomt"),
        ("a.csv", b"navn;telefon\nrosa;112\n", "ukjente kolonner"),
        ("a.csv", b"name;phone\nrosa;112\n", "mangler"),
        ("a.csv", b"id;id\nrosa;rosa\n", "to ganger"),
        ("a.csv", b"\xff\xfe\x00", "kan ikke leses"),
        ("a.xlsx", b"not a workbook", "kan ikke leses"),
        ("a.csv", None, "finnes ikke"),
    ],
)
def test_a_file_that_is_no_sheet_of_contacts_is_refused(
    tmp_path: Path, name: str, content: bytes | None, says: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(KnowledgeError, match=says):
        sheets.read(tmp_path / name)
