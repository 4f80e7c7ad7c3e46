"""Train one half: `python -m nlp.train CONFIG OUTPUT --section.key value …`, as `spacy train` does, with our readers.

Two rounds: OUTPUT/learn at a steady pace, then OUTPUT/settle from its last model, in larger batches and with a
learning rate that falls to nothing, which evens out what the last batches did. OUTPUT/settle/model-best is the one.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from spacy.cli._util import parse_config_overrides
from spacy.cli.train import train
from spacy.language import Language
from spacy.util import load_config, registry

import nlp.reader  # noqa: F401  registers the readers that the configurations name

SETTLE_STEPS = 1000
_RATE, _DROPOUT, _WORDS = 0.0007, 0.1, 2000


@registry.callbacks("norne.lemmas.v1")
def lemmas() -> Callable[[Language], Language]:
    """Give a lemmatiser that was read from disk the map that training needs, which spaCy 3.7 does not restore."""

    def restore(language: Language) -> Language:
        if "lemmatizer" in language.component_names:  # it is switched off while the others are made
            lemmatizer = language.get_pipe("lemmatizer")
            lemmatizer.tree2label = {tree: label for label, tree in enumerate(lemmatizer.cfg["labels"])}
        return language

    return restore


def settling(config: Path, learnt: Path, steps: int = SETTLE_STEPS) -> Any:
    """The same configuration, on from ``learnt``, for the second round."""
    changed = load_config(config)
    changed["components"] = {name: {"source": str(learnt)} for name in changed["nlp"]["pipeline"]}
    changed.setdefault("initialize", {})["after_init"] = {"@callbacks": "norne.lemmas.v1"}
    if "swap" in changed["corpora"]["train"]:
        # Names put in come from the table of known names; unlearn that a name is nearly always known.
        changed["corpora"]["train"]["swap"] = 0.0
    training = changed["training"]
    training.update(max_steps=steps, eval_frequency=steps // 4, patience=0, dropout=_DROPOUT)
    training["batcher"]["size"] = _WORDS
    training["optimizer"]["learn_rate"] = {
        "@schedules": "warmup_linear.v1",
        "initial_rate": _RATE,
        "warmup_steps": 20,
        "total_steps": steps,
    }
    return changed


def settle(config: Path, learnt: Path, output: Path, overrides: dict[str, Any], steps: int = SETTLE_STEPS) -> None:
    """The second round: ``learnt`` is the first round's model, ``output`` the folder of the second."""
    output.mkdir(parents=True, exist_ok=True)
    settling(config, learnt, steps).to_disk(output / "settle.cfg", interpolate=False)
    train(output / "settle.cfg", output, overrides=overrides)


def main(arguments: list[str]) -> None:
    """The first two arguments are paths, the rest overrides of the configuration."""
    config, output, *rest = arguments
    overrides = parse_config_overrides(rest)
    train(Path(config), Path(output) / "learn", overrides=overrides)
    settle(Path(config), Path(output) / "learn" / "model-last", Path(output) / "settle", overrides)


if __name__ == "__main__":
    main(sys.argv[1:])
