"""The commands `hjemvei sms …`: try the conversation by SMS, and send a message through the provider."""

from __future__ import annotations

import asyncio
import json
import secrets
import sys
from collections.abc import Mapping
from typing import Any

import click

from bot.cli_errors import COULD_NOT_START, plain_errors


@click.group()
def sms() -> None:
    """Try the service by SMS, and send a message through the provider that is set up."""


@sms.command()
@click.argument("text", required=False)
@click.option("--jsonl", is_flag=True, help="Read many from standard input, one JSON object a line.")
def receive(text: str | None, jsonl: bool) -> None:
    """Answer TEXT as if it came by SMS. Nothing is sent, and nothing is kept.

    \b
    hjemvei sms receive "de har tatt passet mitt"
    hjemvei sms receive                          (a conversation: write a line, end with Ctrl-D)
    hjemvei sms receive --jsonl < in.jsonl

    A line of --jsonl is {"id": "x1", "person": "p1", "text": "..."}; one person's lines follow one another, and
    without a person each stands alone. A line out is {"id", "messages": [{"text", "parts", "alphabet",
    "characters"}]}. Exit: 0 all answered, 1 some lines were errors, 2 could not start.
    """
    if jsonl and text is not None:
        raise click.UsageError("Give a TEXT, or --jsonl with the messages on standard input.")
    with plain_errors():
        if jsonl:
            sys.exit(asyncio.run(_lines()))
        asyncio.run(_talk(text))


@sms.command()
@click.argument("number")
@click.argument("text")
def send(number: str, text: str) -> None:
    """Send TEXT to NUMBER through the provider that is set up (HJEMVEI_SMS_PROVIDER). For testing the set-up.

    Exit: 0 taken by the provider, 1 not taken, 2 could not start.
    """
    with plain_errors():
        sys.exit(asyncio.run(_send(number, text)))


async def _talk(text: str | None) -> None:
    from bot.bootstrap import open_house

    async with open_house(temporary=True) as house:
        lines = [text] if text is not None else sys.stdin
        for number, line in enumerate(lines):
            answers = await house.dialogue.answer("terminal", line.rstrip("\n"), f"m{number}")
            for answer in answers:
                click.echo(_shown(answer))
            if not answers:
                click.echo("(ingen SMS sendes)")


async def _lines() -> int:
    from bot.bootstrap import open_house

    failed = 0
    async with open_house(temporary=True) as house:
        click.echo("Klar. Svarer på linjene …", err=True)
        for line in sys.stdin.buffer:
            if line.strip():
                answer = await _answered(house, line)
                failed += "error" in answer
                click.echo(json.dumps(answer, ensure_ascii=False))
    return 1 if failed else 0


async def _answered(house: Any, line: bytes) -> Mapping[str, Any]:
    from bot.channels.sms.texts import described

    identifier: Any = None
    try:
        given = json.loads(line)
        identifier = given.get("id")
        person, text = str(given.get("person") or secrets.token_hex(8)), given["text"]
        if not isinstance(text, str):
            raise TypeError
        answers = await house.dialogue.answer(person, text, secrets.token_hex(8))
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        return {"id": identifier, "error": f"the line cannot be read: {type(error).__name__}"}
    return {"id": identifier, "messages": [described(answer) for answer in answers]}


async def _send(number: str, text: str) -> int:
    from bot import settings as settings_room
    from bot.channels.sms.base import Line
    from bot.channels.sms.model import Outgoing
    from bot.channels.sms.numbers import read as read_number
    from bot.channels.sms.providers import make
    from bot.channels.sms.texts import MAX_PARTS, plain

    settings = settings_room.read()
    if not settings.sms_provider:
        click.echo("Ingen SMS-leverandør er valgt. Sett HJEMVEI_SMS_PROVIDER; se docs/sms.md.", err=True)
        return COULD_NOT_START
    receiver, message = read_number(number, settings.sms_countries), plain(text)
    if receiver.refusal:
        click.echo(f"Det kan ikke sendes til dette nummeret ({receiver.refusal}).", err=True)
        return 1
    line = Line()
    try:
        outgoing = Outgoing(secrets.token_hex(16), receiver.number, message)
        if not message or outgoing.parts > MAX_PARTS:
            click.echo(f"Meldingen må ha fra 1 til {MAX_PARTS} deler; den har {outgoing.parts}.", err=True)
            return 1
        sent = await make(settings, line).send(outgoing)
    finally:
        await line.close()
    if sent.failure:
        click.echo(f"Leverandøren tok ikke imot meldingen ({sent.failure.value}: {sent.word}).", err=True)
        return 1
    click.echo(_shown(message))
    click.echo("Leverandøren har tatt imot meldingen.")
    return 0


def _shown(text: str) -> str:
    from bot.channels.sms.texts import described

    about = described(text)
    parts = "1 del" if about["parts"] == 1 else f"{about['parts']} deler"
    return f"[{parts}, {about['alphabet']}, {about['characters']} tegn]\n{text}\n"
