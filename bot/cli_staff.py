"""`hjemvei staff`: the accounts of those who work in the console. Works on the database; no server need run."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timezone
from typing import TYPE_CHECKING, TypeVar

import click

from bot.cli_errors import plain_errors
from bot.errors import PasswordWeak, StaffError, StaffExists, StaffUnknown
from bot.staff.model import ROLES

if TYPE_CHECKING:
    from bot.staff.service import Staff
    from bot.storage.staff import Account

_T = TypeVar("_T")
_ROLE = click.Choice(list(ROLES))


@click.group()
def staff() -> None:
    """Look after the accounts of those who work in the console (/konsoll).

    \b
    hjemvei staff add kari --shown "Kari" --role helpline
    hjemvei staff role kari helpline leader
    hjemvei staff reset kari
    hjemvei staff close kari

    Roles: helpline (answers), leader (shift leader), editor (knowledge), admin (accounts and the log).
    """


@staff.command()
@click.argument("name")
@click.option("--shown", help="The name that those who write see. Default: NAME.")
@click.option("--role", "roles", multiple=True, type=_ROLE, required=True, help="May be given several times.")
@click.option("--team", "teams", multiple=True, help="A team they answer for. Default: all of them.")
@click.option("--ask-password", is_flag=True, help="Ask for a password, in place of printing a first-time one.")
def add(name: str, shown: str | None, roles: Sequence[str], teams: Sequence[str], ask_password: bool) -> None:
    """Make an account. Prints a first-time password that is replaced at the first log-in."""
    password = click.prompt("Passord", hide_input=True, confirmation_prompt=True) if ask_password else None
    made = _run(lambda s: s.add(name, shown or name, roles, teams=teams, password=password))
    click.echo(f"Kontoen {name.lower()} er laget.")
    _tell(made)


@staff.command("list")
def list_() -> None:
    """List the accounts: name, roles, teams, and how they stand."""
    for account in _run(lambda s: s.all()):
        roles = ", ".join(account.roles) or "–"
        teams = ", ".join(account.teams) or "alle team"
        click.echo(f"{account.name:<20} {account.shown:<24} {roles:<28} {teams:<20} {_standing(account)}")


@staff.command()
@click.argument("name")
@click.argument("roles", nargs=-1, required=True, type=_ROLE)
def role(name: str, roles: Sequence[str]) -> None:
    """Give NAME exactly these roles. Sessions end at once when one is taken away."""
    _run(lambda s: s.set_roles(name, roles))
    click.echo(f"{name} har nå: {', '.join(sorted(set(roles)))}.")


@staff.command()
@click.argument("name")
def close(name: str) -> None:
    """Close the account of NAME. Sessions end at once; the name stays in the log."""
    _run(lambda s: s.close(name))
    click.echo(f"Kontoen {name} er stengt.")


@staff.command()
@click.argument("name")
def reset(name: str) -> None:
    """Give NAME a new first-time password, and let them set up their codes anew."""
    _tell(_run(lambda s: s.reset(name)))


def _tell(made: str | None) -> None:
    if made is not None:
        click.echo(f"Engangspassord: {made}")
        click.echo("Gi det bare til den det gjelder. Det byttes ved første innlogging, sammen med kodeappen.")


def _standing(account: Account) -> str:
    if account.closed:
        return "stengt"
    if account.locked_until is not None and account.locked_until > datetime.now(timezone.utc):
        return "låst for en stund"
    return "i bruk" if account.enrolled else "har ikke logget inn"


def _run(work: Callable[[Staff], Awaitable[_T]]) -> _T:
    async def run() -> _T:
        from bot.bootstrap import open_staff

        async with open_staff() as service:
            return await work(service)

    with plain_errors():
        try:
            return asyncio.run(run())
        except StaffError as error:
            raise click.ClickException(_sentence(error)) from error


def _sentence(error: StaffError) -> str:
    if isinstance(error, StaffExists):
        return f"Det finnes en konto med navnet {error} fra før."
    if isinstance(error, StaffUnknown):
        return f"Det er ingen åpen konto med navnet {error}."
    return str(error) if isinstance(error, PasswordWeak) or str(error) else "Det gikk ikke."
