"""What stops a command is said in plain sentences, without a traceback."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from bot.errors import HjemveiError, KnowledgeError, SettingError, StartError

COULD_NOT_START = 2


@contextmanager
def plain_errors() -> Iterator[None]:
    """Print what went wrong and exit 2."""
    try:
        yield
    except (StartError, SettingError, KnowledgeError) as error:
        click.echo(relative(str(error)), err=True)
        sys.exit(COULD_NOT_START)
    except HjemveiError as error:
        click.echo(f"Stoppet: {type(error).__name__}", err=True)
        sys.exit(COULD_NOT_START)


def relative(text: str) -> str:
    """``text`` with paths as seen from where the command was given."""
    return text.replace(f"{Path.cwd()}/", "")
