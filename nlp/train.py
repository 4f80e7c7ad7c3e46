"""Train one configuration: `python -m nlp.train CONFIG OUTPUT --section.key value …`, with our readers."""

from __future__ import annotations

import sys
from pathlib import Path

from spacy.cli._util import parse_config_overrides
from spacy.cli.train import train

import nlp.reader  # noqa: F401  registers the readers that the configurations name


def main(arguments: list[str]) -> None:
    """The first two arguments are paths, the rest overrides of the configuration."""
    config, output, *rest = arguments
    train(Path(config), Path(output), overrides=parse_config_overrides(rest))


if __name__ == "__main__":
    main(sys.argv[1:])
