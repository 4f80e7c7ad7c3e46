"""The command `hjemvei lookup`, for a helpline worker with somebody on the line."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

import click

from bot.cli_errors import plain_errors

if TYPE_CHECKING:
    from bot.desk import Answer
    from bot.directory.lookup import Match

_INDENT = "    "


@click.command()
@click.argument("query", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print contacts, articles and laws as JSON.")
@click.option("--limit", default=6, show_default=True, help="How many contacts.")
@click.option(
    "--at", type=click.DateTime(["%Y-%m-%dT%H:%M"]), help="Hours as of this moment, Norwegian time. Default: now."
)
def lookup(query: tuple[str, ...], as_json: bool, limit: int, at: datetime | None) -> None:
    """Look up who can help, what to read and which laws apply. Loads no model.

    \b
    hjemvei lookup "krisesenter for menn i Bergen"
    hjemvei lookup "hvem ringer jeg klokka tre om natta, jeg er 15"
    hjemvei lookup --json "ambassade pakistan"
    """
    with plain_errors():
        from bot import settings
        from bot.desk import Desk
        from bot.directory.hours import OSLO

        now = at.replace(tzinfo=OSLO) if at else datetime.now(OSLO)
        answer = Desk(settings.read()).ask(" ".join(query), now, limit)
        click.echo(json.dumps(answer.as_dict(), ensure_ascii=False, indent=2) if as_json else _readable(answer))


def _readable(answer: Answer) -> str:
    blocks = []
    if answer.found.notes or answer.found.question:
        blocks.append("\n".join([*answer.found.notes, *filter(None, [answer.found.question])]))
    blocks += [_contact(match) for match in answer.found.matches]
    if answer.articles:
        lines = [f"{_INDENT}{hit.title}  [{hit.id}]\n{_INDENT}{_INDENT}{hit.snippet}" for hit in answer.articles]
        blocks.append("\n".join(["Artikler", *lines]))
    if answer.laws:
        blocks.append("\n".join(["Lover", *(f"{_INDENT}{hit.title}" for hit in answer.laws)]))
    return "\n\n".join(blocks)


def _contact(match: Match) -> str:
    contact = match.contact
    ways = [match.phone, f"SMS {contact.sms}" if contact.sms else None, contact.email, contact.chat]
    # A chat is often at the same address as the pages.
    ways += [contact.url] if contact.url != contact.chat else []
    lines = [contact.spoken_name, *(f"{_INDENT}{way}" for way in [" · ".join(filter(None, ways))] if way)]
    if match.hours and match.hours not in match.why:
        lines.append(f"{_INDENT}{match.hours}")
    if match.why:
        lines.append(f"{_INDENT}{'; '.join(match.why)}")
    lines.append(f"{_INDENT}[{contact.id}] kontrollert {contact.verified_on.isoformat()}")
    return "\n".join(lines)
