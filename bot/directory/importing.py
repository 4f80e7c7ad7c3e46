"""Take changes of contacts from a spreadsheet into the files of knowledge/contacts/: all of them, or none.

Each row carries the version that its editor saw. A row that nobody touched changes nothing, whatever has happened to
the file since; a row that was edited is refused when the entry has been changed by somebody else meanwhile.
"""

from __future__ import annotations

import fcntl
import io
import os
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot.directory.cells import LISTS, NOT_FIELDS, cells, entry_from, version
from bot.directory.check import check
from bot.directory.contacts import contact_from, entries, load
from bot.directory.need import Door
from bot.errors import KnowledgeError

_DEFAULT_FILE = "contacts.yml"
_FILE_NAME = re.compile(r"[\w-]+\.yml")
_BLOCK = re.compile(r"^(?=- id:)", re.MULTILINE)


@dataclass(frozen=True)
class Difference:
    """What an import would change in one contact. ``fields``: for each, the cell before and after."""

    id: str
    file: str
    row: int
    new: bool
    fields: Mapping[str, tuple[str, str]]
    entry: Mapping[str, Any]


def differences(rows: Sequence[tuple[int, Mapping[str, str]]], folder: Path) -> list[Difference]:
    """What the rows would change. Raises KnowledgeError with every row that cannot be taken, and why."""
    findings: list[str] = []
    current = {entry["id"]: (path.name, entry) for path, _, entry in entries(folder, findings)}
    found: list[Difference] = []
    seen: dict[str, int] = {}
    for number, row in rows:
        identifier = row.get("id", "").strip()
        try:
            if identifier in seen:
                raise ValueError(f"«{identifier}» står også i rad {seen[identifier]}")
            if not re.fullmatch(r"[a-z0-9_]+", identifier):
                raise ValueError("«id» må ha små bokstaver a–z, tall og understrek")
            seen[identifier] = number
            difference = _difference(number, row, *current.get(identifier, ("", None)))
        except ValueError as error:
            findings.append(f"rad {number}: {error}")
            continue
        if difference is not None:
            found.append(difference)
    if findings:
        raise KnowledgeError(findings)
    return found


def _difference(number: int, row: Mapping[str, str], file: str, before: Mapping[str, Any] | None) -> Difference | None:
    given = entry_from(row)
    old = cells(before or {})
    after = {name: value for name, value in {**(before or {}), **given}.items() if value is not None}
    new = cells(after)
    fields = {name: (old.get(name, ""), new.get(name, "")) for name in (*new, *old) if old.get(name) != new.get(name)}
    fields = dict(sorted(fields.items()))
    if not fields:
        return None
    saw = row.get("version", "").strip()
    if before is not None:
        if version(_of_row(row)) == saw:
            return None
        if not saw:
            raise ValueError(f"«{row['id']}»: kolonnen «version» er tom; hent lista på nytt og gjør endringen der")
        if saw != version(before):
            raise ValueError(
                f"«{row['id']}» er endret av noen andre siden du hentet den: {_told(fields)}. Hent lista på nytt."
            )
    # Raises ValueError when the entry would not have the form.
    contact_from(after, file)
    target = file or row.get("file", "").strip() or _DEFAULT_FILE
    if not _FILE_NAME.fullmatch(target):
        raise ValueError(f"«{target}» er ikke et filnavn")
    return Difference(row["id"].strip(), target, number, before is None, fields, after)


def _of_row(row: Mapping[str, str]) -> dict[str, Any]:
    return {name: value for name, value in entry_from(row).items() if value is not None}


def _told(fields: Mapping[str, tuple[str, str]]) -> str:
    return "; ".join(f"{name} er «{before}», hos deg «{after}»" for name, (before, after) in fields.items())


@contextmanager
def one_at_a_time(lock: Path) -> Iterator[None]:
    """Nobody else on this machine imports while the block runs."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def written(changes: Sequence[Difference], folder: Path) -> dict[Path, str]:
    """The files as they will read. Entries that do not change keep every character, comments too."""
    texts: dict[Path, str] = {}
    for change in changes:
        path = folder / change.file
        text = texts.get(path) or (path.read_text("utf-8") if path.exists() else "")
        head, *blocks = _BLOCK.split(text)
        if change.new:
            blocks.append(_block("", change.entry))
        else:
            place = next(number for number, block in enumerate(blocks) if _id_of(block) == change.id)
            blocks[place] = _block(blocks[place], change.entry)
        texts[path] = "".join([head, *blocks])
    return texts


def verify(texts: Mapping[Path, str], folder: Path, doors: Mapping[str, Door], today: date) -> None:
    """Raise KnowledgeError unless the whole list would be in order with these files in place."""
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(temporary) / folder.name
        copy.mkdir()
        for path in folder.glob("*.yml"):
            (copy / path.name).write_text(texts.get(path, path.read_text("utf-8")), "utf-8")
        for path, text in texts.items():
            (copy / path.name).write_text(text, "utf-8")
        try:
            findings = check(load(copy), doors, copy.parent, today)
        except KnowledgeError as error:
            raise KnowledgeError([finding.replace(str(copy), str(folder)) for finding in error.findings]) from error
        errors = [finding.text for finding in findings if finding.level == "error"]
        if errors:
            raise KnowledgeError(errors)


def put(texts: Mapping[Path, str]) -> None:
    """Write the files, each in one step."""
    for path, text in texts.items():
        partial = path.with_suffix(".part")
        partial.write_text(text, "utf-8")
        os.replace(partial, path)


def _id_of(block: str) -> str:
    return block.removeprefix("- id:").splitlines()[0].strip().strip("'\"")


def _block(before: str, entry: Mapping[str, Any]) -> str:
    """One entry as YAML; what stood there keeps its order, quotes and comments where it is the same."""
    yaml: Any = YAML()
    yaml.preserve_quotes = True
    yaml.width = 116
    kept = yaml.load(before)[0] if before else yaml.map()
    for name in [name for name in kept if name not in entry]:
        del kept[name]
    now = cells(kept) if kept else {}
    for name, value in entry.items():
        if name in NOT_FIELDS or (name in kept and now.get(name) == cells({name: value}).get(name)):
            continue
        kept[name] = _styled(name, value)
    text = io.StringIO()
    yaml.dump([kept], text)
    return text.getvalue()


def _styled(name: str, value: Any) -> Any:
    """As editors write it: short lists on one line, and numbers in quotes."""
    from ruamel.yaml.comments import CommentedMap, CommentedSeq
    from ruamel.yaml.scalarstring import SingleQuotedScalarString

    if isinstance(value, list):
        items = CommentedSeq(_styled("", item) for item in value)
        if name in LISTS or (value and isinstance(value[0], dict) and "days" in value[0]):
            items.fa.set_flow_style()
        return items
    if isinstance(value, dict):
        mapping = CommentedMap((key, _styled(key, item)) for key, item in value.items())
        if name in ("age", "about_age", "covers", "") and "ref" not in value:
            mapping.fa.set_flow_style()
        return mapping
    if isinstance(value, str) and (value[:1].isdigit() or value[:1] == "+"):
        return SingleQuotedScalarString(value)
    return value
