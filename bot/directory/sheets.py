"""Spreadsheets of contacts, CSV and Excel: written for editors, and read back as rows of text."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from bot.directory.cells import COLUMNS, cells, guarded, unguarded, version
from bot.errors import KnowledgeError

_WIDEST = 60


def rows_of(entries: Iterable[tuple[Path, Mapping[str, Any]]]) -> list[dict[str, str]]:
    """A row for each entry with the file it stands in."""
    return [{**cells(entry), "version": version(entry), "file": path.name} for path, entry in entries]


def write(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    """Write rows to a file whose name ends in .csv or .xlsx."""
    if path.suffix.lower() == ".xlsx":
        _write_excel(path, rows)
    else:
        path.write_text(as_csv(rows), "utf-8-sig")


def as_csv(rows: Sequence[Mapping[str, str]]) -> str:
    """As CSV with semicolons, which is what a Norwegian spreadsheet reads."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({name: guarded(value) for name, value in row.items()} for row in rows)
    return text.getvalue()


def read(path: Path) -> list[tuple[int, dict[str, str]]]:
    """The rows of a spreadsheet with their numbers as a person sees them. Raises KnowledgeError in Norwegian."""
    try:
        table = _read_excel(path) if path.suffix.lower() == ".xlsx" else _read_csv(path)
    except FileNotFoundError as error:
        raise KnowledgeError([f"{path}:1: fila finnes ikke"]) from error
    except (OSError, UnicodeDecodeError, csv.Error, zipfile.BadZipFile, ValueError, KeyError) as error:
        raise KnowledgeError([f"{path}:1: kan ikke leses som regneark (CSV i UTF-8, eller .xlsx)"]) from error
    if not table:
        raise KnowledgeError([f"{path}:1: regnearket er tomt"])
    header = [name.strip() for name in table[0]]
    unknown = [name for name in header if name and name not in COLUMNS]
    if "id" not in header or unknown:
        what = f"ukjente kolonner: {', '.join(unknown)}" if unknown else "kolonnen «id» mangler"
        raise KnowledgeError([f"{path}:1: {what}"])
    if len(set(header)) < len(header):
        raise KnowledgeError([f"{path}:1: en kolonne står to ganger"])
    rows = []
    for number, values in enumerate(table[1:], start=2):
        if any(value.strip() for value in values):
            filled = [*values, *[""] * (len(header) - len(values))]
            row = {name: unguarded(value) for name, value in zip(header, filled, strict=False) if name}
            rows.append((number, row))
    return rows


def _read_csv(path: Path) -> list[list[str]]:
    text = path.read_text("utf-8-sig")
    first = text.partition("\n")[0]
    delimiter = max(";,\t", key=first.count)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))


def _read_excel(path: Path) -> list[list[str]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except InvalidFileException as error:
        raise ValueError(str(error)) from error
    try:
        return [[_text(value) for value in row] for row in book.worksheets[0].iter_rows(values_only=True)]
    finally:
        book.close()


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _write_excel(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Kontakter"
    sheet.append(list(COLUMNS))
    for number, name in enumerate(COLUMNS, start=1):
        sheet.cell(1, number).font = Font(bold=True)
        longest = max((len(row.get(name, "")) for row in rows), default=0)
        sheet.column_dimensions[get_column_letter(number)].width = max(10, min(_WIDEST, longest) + 2)
    for line, row in enumerate(rows, start=2):
        for number, name in enumerate(COLUMNS, start=1):
            cell = sheet.cell(line, number)
            # As text, so that 02800 keeps its zero and a «+» is no formula.
            cell.number_format = "@"
            cell.value = row.get(name) or None
            if cell.value is not None:
                cell.data_type = "s"
            cell.alignment = Alignment(vertical="top", wrap_text=True)
    sheet.freeze_panes = "B2"
    book.save(path)
