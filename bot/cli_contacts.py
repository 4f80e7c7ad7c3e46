"""The commands `hjemvei contacts …`, for staff and editors."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli_errors import plain_errors, relative
from bot.errors import KnowledgeError, StartError, StorageUnavailable

if TYPE_CHECKING:
    from bot.directory.importing import Difference
    from bot.settings import Settings
    from bot.storage.contacts import Change

# How many texts are named before the rest is only counted.
_SOME = 5
_SHEET = click.Path(dir_okay=False, path_type=Path)


@click.group()
def contacts() -> None:
    """Look after the contacts in knowledge/contacts/."""


@contacts.command()
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="Check as of this day.")
def check(today: datetime | None) -> None:
    """Check numbers, addresses, hours, dates and sources. One line for each finding; exit 1 when there are errors."""
    with plain_errors():
        from bot import directory
        from bot.directory.check import check as check_contacts
        from bot.directory.need import read_doors

        root = _settings().knowledge
        try:
            read = directory.load(root / "contacts")
            findings = check_contacts(read, read_doors(root / "needs.yml"), root, _day(today))
        except KnowledgeError as error:
            click.echo(relative("\n".join(error.findings)))
            sys.exit(1)
        for finding in findings:
            click.echo(relative(str(finding)))
        errors = sum(finding.level == "error" for finding in findings)
        shown, held = len(read.contacts), len(read.everything) - len(read.contacts)
        click.echo(f"{shown} vises, {held} vises ikke; {errors} feil, {len(findings) - errors} merknader", err=True)
        sys.exit(1 if errors else 0)


@contacts.command()
@click.argument("file", type=_SHEET, required=False)
def export(file: Path | None) -> None:
    """Write every contact to FILE (.csv or .xlsx), or as CSV to standard output."""
    with plain_errors():
        from bot.directory import sheets
        from bot.directory.contacts import entries

        findings: list[str] = []
        found = [(path, entry) for path, _, entry in entries(_settings().knowledge / "contacts", findings)]
        if findings:
            raise KnowledgeError(findings)
        rows = sheets.rows_of(found)
        if file is None:
            click.echo(sheets.as_csv(rows), nl=False)
            return
        if file.suffix.lower() not in (".csv", ".xlsx"):
            raise click.UsageError("FILE must end in .csv or .xlsx.")
        sheets.write(file, rows)
        click.echo(f"{len(rows)} kontakter skrevet til {file}", err=True)


@contacts.command("import")
@click.argument("file", type=_SHEET)
@click.option("--dry-run", is_flag=True, help="Show the differences and change nothing.")
def import_(file: Path, dry_run: bool) -> None:
    """Take the changes in FILE (.csv or .xlsx, made by export) into knowledge/contacts/.

    With errors nothing is changed, and each row that cannot be taken is listed with the reason. A row that somebody
    else has changed since the export is refused. Rows that are left out stay as they are. Exit 1 on errors.
    """
    with plain_errors():
        from bot.directory import importing, sheets
        from bot.directory.need import read_doors

        settings = _settings()
        folder = settings.knowledge / "contacts"
        try:
            rows = sheets.read(file)
            with importing.one_at_a_time(settings.folder / "contacts.lock"):
                changes = importing.differences(rows, folder)
                texts = importing.written(changes, folder)
                importing.verify(texts, folder, read_doors(settings.knowledge / "needs.yml"), date.today())
                if not dry_run:
                    importing.put(texts)
        except KnowledgeError as error:
            click.echo(relative("\n".join(error.findings)))
            click.echo("Ingenting er endret.", err=True)
            sys.exit(1)
        for change in changes:
            click.echo(_difference(change))
        if dry_run or not changes:
            click.echo(f"{len(changes)} kontakter ville blitt endret. Ingenting er endret.", err=True)
            return
        click.echo(f"{len(changes)} kontakter er endret.", err=True)
        asyncio.run(_in_step(settings, {change.id: file.name for change in changes}))


@contacts.command()
@click.argument("identifier", metavar="ID")
def history(identifier: str) -> None:
    """What has changed in the contact ID, when, and from which source. The oldest change comes first."""
    with plain_errors():
        changes = asyncio.run(_history(_settings(), identifier))
        if not changes:
            raise click.ClickException(f"Kontakten «{identifier}» finnes ikke.")
        for change in changes:
            click.echo(_change(change))


@contacts.command()
@click.argument("query", metavar="NUMBER-OR-ID")
@click.option("--all", "everywhere", is_flag=True, help="List every text that shows it, not only how many.")
def source(query: str, everywhere: bool) -> None:
    """The sources behind a number, an address or a contact, and which texts show it."""
    with plain_errors():
        from bot import directory, knowledge
        from bot.directory.trace import texts_of, trace

        root = _settings().knowledge
        others = {
            path.name: path.read_text("utf-8")
            for path in (root / "phrases.yml", root.parent / "domain.yml")
            if path.exists()
        }
        texts = texts_of(knowledge.load(root), others)
        found = trace(query, directory.load(root / "contacts"), texts)
        if not found:
            raise click.ClickException(f"«{query}» står ikke i kontaktlisten.")
        for item in found:
            contact = item.contact
            state = "vises" if contact.shown else f"vises ikke: {contact.why_state}"
            click.echo(f"{contact.name}  [{contact.id}]  {state}")
            for name in item.ways:
                click.echo(f"    {name}: {getattr(contact, name)}")
            click.echo(
                f"    tillit: {contact.confidence}, kontrollert {contact.verified_on}, igjen innen {contact.verify_by}"
            )
            for reference in contact.sources:
                click.echo(f"    kilde: {reference.ref} ({reference.date})")
            shown = item.shown_in if everywhere else item.shown_in[:_SOME]
            more = f" og {len(item.shown_in) - len(shown)} til (--all)" if len(shown) < len(item.shown_in) else ""
            click.echo(f"    står i: {', '.join(shown)}{more}" if shown else "    står ikke i noen tekst")


def _settings() -> Settings:
    from bot import settings

    read = settings.read()
    if not read.knowledge.is_dir():
        raise StartError(f"Mappa {read.knowledge} finnes ikke. Sett HJEMVEI_KNOWLEDGE til kunnskapsbasen.")
    return read


def _day(given: datetime | None) -> date:
    return given.date() if given else date.today()


async def _in_step(settings: Settings, sources: Mapping[str, str]) -> None:
    """Put what changed into the database's history, with where it came from."""
    from bot.bootstrap import open_contacts

    async with open_contacts(settings, sources):
        pass


async def _history(settings: Settings, identifier: str) -> list[Change]:
    from bot.bootstrap import open_contacts

    try:
        async with open_contacts(settings, {}) as store:
            return await store.history(identifier)
    except StorageUnavailable as error:
        raise StartError("Databasen svarer ikke. Se at den kjører, og at HJEMVEI_DATABASE_URL er riktig.") from error


def _difference(change: Difference) -> str:
    head = f"{'ny' if change.new else 'endret'}: {change.id} (rad {change.row})"
    lines = [f"    {name}: «{before}» → «{after}»" for name, (before, after) in change.fields.items()]
    return "\n".join([head, *lines])


def _change(change: Change) -> str:
    from bot.directory.hours import OSLO

    words = {"new": "ny", "changed": "endret", "removed": "tatt ut"}
    when = change.changed_at.astimezone(OSLO).strftime("%Y-%m-%d %H:%M")
    head = f"{when}  versjon {change.version}, {words[change.what]}, fra {change.source}"
    if change.what == "new":
        references: list[dict[str, Any]] = change.fields.get("sources", (None, []))[1] or []
        return "\n".join([head, *(f"    kilde: {item['ref']} ({item['date']})" for item in references)])
    return "\n".join([head, *(f"    {name}: {old!r} → {new!r}" for name, (old, new) in change.fields.items())])
