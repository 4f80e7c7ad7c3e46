"""The command `hjemvei`."""

from __future__ import annotations

import json
import logging
import sys
import uuid
from collections.abc import AsyncIterator
from typing import Any

import click

from bot import __version__
from bot.cli_contacts import contacts
from bot.cli_errors import plain_errors
from bot.cli_knowledge import knowledge
from bot.cli_lookup import lookup
from bot.cli_sms import sms
from bot.cli_staff import staff
from bot.cli_understanding import review, understand
from bot.errors import MessageRejected, MessageTooLong
from bot.quiet import be_quiet

# These load no model, and are to answer at once.
_LIGHT = ("lookup", "key", "staff")
_CHANNEL = click.Choice(["web", "sms", "staff"])


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="hjemvei")
@click.option("--verbose", is_flag=True, help="Show what the service does. Never shows what people write.")
@click.pass_context
def main(context: click.Context, verbose: bool) -> None:
    """Hjemvei answers questions about being held abroad, forced marriage, control and violence in the family.

    \b
    hjemvei train                    learn from data/ (needed once, and when data/ has changed)
    hjemvei serve                    start everything on http://localhost:8080
    hjemvei ask "de tok passet mitt" ask one question here in the terminal
    hjemvei understand "TEXT"        show what is understood of a message
    hjemvei review                   list what was not understood lately
    hjemvei lookup "advokat oslo"    look up who can help, articles and laws
    hjemvei contacts --help          look after the contacts
    hjemvei knowledge --help         look after the answers
    hjemvei sms --help               try the service by SMS, and send a message
    hjemvei staff --help             look after the accounts of those who work in the console

    Settings are environment variables that begin with HJEMVEI_; docs/settings.md lists them.
    """
    be_quiet(logging.DEBUG if verbose else logging.INFO, rasa=context.invoked_subcommand not in _LIGHT)


@main.command()
@click.argument("text", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the whole reply as JSON.")
@click.option("--jsonl", is_flag=True, help="Answer a file of messages: one JSON object a line in, one a line out.")
@click.option("--channel", type=_CHANNEL, default="web", show_default=True, help="As if it came by this channel.")
def ask(text: str | None, as_json: bool, jsonl: bool, channel: str) -> None:
    """Ask TEXT and print the answer. Needs no server; nothing is kept afterwards.

    \b
    hjemvei ask "kan foreldrene mine sende meg ut av landet?"
    hjemvei ask --json "de har tatt passet mitt"
    hjemvei ask --jsonl < messages.jsonl > replies.jsonl

    A line of --jsonl is {"id": "x1", "text": "...", "conversation": "c1", "channel": "web"}. Lines with the same
    conversation follow one another; without one, each stands alone. Exit: 0 all answered, 1 some lines were errors,
    2 could not start.
    """
    if jsonl == bool(text):
        raise click.UsageError("Give a TEXT, or --jsonl with the messages on standard input.")
    import asyncio

    with plain_errors():
        if jsonl:
            sys.exit(asyncio.run(_ask_lines()))
        asyncio.run(_ask_one(text or "", channel, as_json))


@main.command()
@click.option("--host", help="Address to listen on. Default: HJEMVEI_HOST or 127.0.0.1.")
@click.option("--port", type=int, help="Port to listen on; 0 takes a free one. Default: HJEMVEI_PORT or 8080.")
def serve(host: str | None, port: int | None) -> None:
    """Start the service: the web page, the HTTP interface and the conversations."""
    with plain_errors():
        import asyncio

        from bot.gateway.server import serve as serve_gateway

        asyncio.run(serve_gateway(host, port))


@main.command()
@click.option("--force", is_flag=True, help="Train even if nothing has changed since last time.")
def train(force: bool) -> None:
    """Learn from data/ and put the model in models/. Does nothing when what it learns from has not changed."""
    with plain_errors():
        from bot.bootstrap import index_examples
        from bot.training import train as train_model

        # Training swallows what is printed meanwhile, so the way out is taken hold of before.
        terminal = sys.stderr
        train_model(force=force, say=lambda line: click.echo(line, file=terminal))
        index_examples()


@main.command()
def key() -> None:
    """Print a new encryption key, for HJEMVEI_KEY."""
    from bot.storage.encryption import new_key

    click.echo(new_key())


async def _ask_one(text: str, channel: str, as_json: bool) -> None:
    from bot.bootstrap import open_house
    from bot.conversation.message import Message

    async with open_house(temporary=True) as house:
        conversation, _ = await house.conversations.start(channel)
        try:
            reply = await house.conversations.receive(conversation, Message(text, channel))
        except MessageRejected as error:
            raise click.ClickException(_rejection(error)) from error
    if as_json:
        click.echo(json.dumps(reply.as_dict(), ensure_ascii=False, indent=2))
    else:
        click.echo("\n\n".join(reply.texts))
        if reply.buttons:
            click.echo("\n" + "  ".join(f"[{button.title}]" for button in reply.buttons))


async def _ask_lines() -> int:
    from bot.bootstrap import open_house

    failed = 0
    async with open_house(temporary=True) as house:
        click.echo("Klar. Svarer på linjene …", err=True)
        names: dict[str, str] = {}
        number = 0
        async for number, answer in _answered(house, names, sys.stdin.buffer):
            failed += "error" in answer
            click.echo(json.dumps(answer, ensure_ascii=False))
            if number % 100 == 0:
                click.echo(f"{number} linjer", err=True)
        click.echo(f"Ferdig: {number} linjer, {failed} feil.", err=True)
    return 1 if failed else 0


async def _answered(house: Any, names: dict[str, str], lines: Any) -> AsyncIterator[tuple[int, dict[str, Any]]]:
    """The answer to each line, in order. ``names`` maps the file's conversation names to ours."""
    from bot.conversation.message import CHANNELS, Message

    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        identifier: Any = None
        try:
            given = json.loads(line)
            identifier = given.get("id")
            channel = given.get("channel", "web")
            if channel not in CHANNELS:
                raise ValueError(f"channel must be one of {', '.join(CHANNELS)}")
            name = str(given.get("conversation") or uuid.uuid4())
            if name not in names:
                names[name], _ = await house.conversations.start(channel)
            reply = await house.conversations.receive(names[name], Message(given["text"], channel))
            if reply.erased:
                names.pop(name)
            answer = {"id": identifier, **reply.as_dict(), "conversation": name}
        except MessageRejected as error:
            answer = {"id": identifier, "error": _rejection(error)}
        except (ValueError, KeyError, AttributeError, TypeError) as error:
            answer = {"id": identifier, "error": f"the line cannot be read: {type(error).__name__}"}
        yield number, answer


def _rejection(error: MessageRejected) -> str:
    if isinstance(error, MessageTooLong):
        return "Meldingen er for lang. Skriv den kortere, eller del den i flere."
    return "Meldingen er tom."


main.add_command(knowledge)
main.add_command(lookup)
main.add_command(contacts)
main.add_command(review)
main.add_command(sms)
main.add_command(understand)
main.add_command(staff)
