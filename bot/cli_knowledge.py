"""The commands `hjemvei knowledge …`, for editors."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path

import click

from bot.cli_errors import plain_errors, relative
from bot.errors import KnowledgeError


@click.group()
def knowledge() -> None:
    """Look after the answers in knowledge/."""


@knowledge.command()
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="Check as of this day.")
def check(today: datetime | None) -> None:
    """Check every article, source, law and contact. One line for each finding; exit 1 when there are errors."""
    from bot.bootstrap import answers_of, check_knowledge
    from bot.channels.sms.check import findings as sms_findings
    from bot.knowledge.check import Finding, unreachable
    from bot.knowledge.search import Search

    with plain_errors():
        try:
            read, directory, findings = check_knowledge(today.date() if today else date.today())
            findings = [*findings, *unreachable(read, Search(read))]
            if not any(finding.level == "error" for finding in findings):
                topics = [article.topic for article in read.answers()]
                for where, what in sms_findings(answers_of(read, directory), topics):
                    findings.append(Finding("error", read.root / "sms.yml", 1, f"{where}: {what}"))
        except KnowledgeError as error:
            click.echo(relative("\n".join(error.findings)))
            sys.exit(1)
        for finding in findings:
            click.echo(relative(str(finding)))
        errors = sum(finding.level == "error" for finding in findings)
        click.echo(f"{errors} feil, {len(findings) - errors} merknader", err=True)
        sys.exit(1 if errors else 0)


@knowledge.command()
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), help="Write a page to this file.")
def report(html: Path | None) -> None:
    """The state of every answer: status, dates, how hard it is to read, how long it is."""
    from bot.bootstrap import check_knowledge
    from bot.knowledge.report import as_html, as_text, lines

    with plain_errors():
        read, directory, findings = check_knowledge(date.today())
        table = lines(read, directory.details(), date.today())
        if html is None:
            click.echo(as_text(table))
        else:
            html.write_text(as_html(table, findings, read.root, date.today()), "utf-8")
            click.echo(f"Skrevet til {html}")


@knowledge.command()
@click.argument("topic")
@click.option(
    "--as", "channel", type=click.Choice(["web", "sms", "staff"]), default="web", show_default=True, help="For whom."
)
@click.option("--language", default="nb", show_default=True)
def show(topic: str, channel: str, language: str) -> None:
    """Show the answer to TOPIC as its readers see it."""
    from bot.bootstrap import library
    from bot.conversation.draft import Situation
    from bot.language import gsm7

    with plain_errors():
        asked = Situation(topic, channel=channel, professional=channel == "staff", language=language)
        draft = library().answers.on(channel).answer(asked)
        if draft is None:
            raise click.ClickException(f"Det er ikke noe svar på «{topic}» som kan vises.")
        click.echo("\n\n".join(draft.texts))
        if channel == "sms":
            for text in draft.texts:
                click.echo(f"[{gsm7.parts(gsm7.plain(text))} SMS]", err=True)
        elif draft.choices:
            click.echo("\n" + "  ".join(f"[{choice['title']}]" for choice in draft.choices))


@knowledge.command()
@click.argument("query")
@click.option("--limit", default=5, show_default=True)
def search(query: str, limit: int) -> None:
    """Search the answers."""
    from bot.bootstrap import library
    from bot.knowledge.render import fill

    with plain_errors():
        details = library().directory.details()
        for hit in library().search.find(query, limit):
            click.echo(f"{hit.id:32} {hit.title}\n{'':32} {fill(hit.snippet, details)}")
