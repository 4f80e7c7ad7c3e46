"""`hjemvei understand` and `hjemvei review`: what the model makes of a message, and what it could make nothing of."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import click

from bot.cli_errors import plain_errors

_CANDIDATES = 5


@click.command()
@click.argument("text")
@click.option("--json", "as_json", is_flag=True, help="Print everything that was understood, as JSON.")
def understand(text: str, as_json: bool) -> None:
    """Show what is understood of TEXT: the likeliest topics, how urgent it is and why, and what is named in it.

    Answers nothing and keeps nothing.
    """
    with plain_errors():
        parsed = asyncio.run(_understand(text))
    if as_json:
        click.echo(json.dumps(parsed, ensure_ascii=False, indent=2))
        return
    click.echo(f"Valgt: {parsed['intent']['name']}")
    for item in parsed["intent_ranking"][:_CANDIDATES]:
        click.echo(f"  {item['confidence']:.2f}  {item['name']}")
    reasons = ", ".join(parsed["reasons"]) or "ingen"
    click.echo(
        f"Hast: {parsed['urgency']}  (grunner: {reasons}; funnet av regler: {', '.join(parsed['alarms']) or '–'})"
    )
    click.echo(f"Språk: {parsed['language']}")
    for said in parsed["said"]:
        value = ", ".join(map(str, said["value"])) if isinstance(said["value"], (list, tuple)) else said["value"]
        click.echo(f"  {said['kind']}: {value}  («{text[said['start'] : said['end']]}»)")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON, one line each.")
def review(as_json: bool) -> None:
    """List what was not understood lately: the likeliest topics, how long it was, in which language.

    Says nothing of who wrote. The text is there only where HJEMVEI_REVIEW_TEXT is «ja», without names and figures.
    """
    with plain_errors():
        found = asyncio.run(_reviews())
    for line in found:
        if as_json:
            click.echo(json.dumps(line, ensure_ascii=False))
            continue
        likely = ", ".join(f"{topic} {score:.2f}" for topic, score in line["candidates"])
        click.echo(
            f"{line['day']}  {line['channel']}  {line['language']}  {line['words']} ord  {line['urgency']}  {likely}"
        )
        if line["text"] is not None:
            click.echo(f"    {line['text']}")
    if not as_json:
        click.echo(f"{len(found)} meldinger.")


async def _understand(text: str) -> dict[str, Any]:
    from bot.bootstrap import open_house
    from bot.errors import MessageRejected

    async with open_house(temporary=True) as house:
        try:
            parsed = await house.conversations.understand(text)
        except MessageRejected as error:
            raise click.ClickException("Meldingen er tom eller for lang.") from error
    kept = ("intent", "intent_ranking", "urgency", "reasons", "alarms", "language", "said")
    empty: dict[str, Any] = {"urgency": "none", "reasons": [], "alarms": [], "language": "nb", "said": []}
    return {name: parsed.get(name, empty.get(name)) for name in kept}


async def _reviews() -> list[dict[str, Any]]:
    from bot.bootstrap import open_reviews

    async with open_reviews() as store:
        return [
            {
                "day": one.day.isoformat(),
                "channel": one.channel,
                "language": one.language,
                "words": one.words,
                "urgency": one.urgency,
                "candidates": list(one.candidates),
                "text": one.text,
            }
            for one in await store.all()
        ]
