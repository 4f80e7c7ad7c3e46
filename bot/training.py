"""Train the Rasa model, only when what it learns from has changed, and say how long it has to go."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import pickle
import re
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml

from bot.errors import StartError
from bot.settings import ROOT, read

NAME = "hjemvei"
_INPUTS = ("config.yml", "domain.yml", "data", "bot/nlu", "bot/language", "requirements.lock")
_SUFFIXES = {".yml", ".py", ".lock", ".tsv"}
# Seconds that training takes on two cores, until it has been measured here (see ``_expected``).
_FIRST_GUESS_S = 120.0
_EVERY_S = 10.0
# Letters of a text of YAML that Rasa's own reader takes long for.
_LONG = 20_000

Say = Callable[[str], None]


def fingerprint() -> str:
    """A hash over everything that the model is made from."""
    digest = hashlib.sha256()
    for name in _INPUTS:
        path = ROOT / name
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file() and file.suffix in _SUFFIXES:
                digest.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def train(*, force: bool, say: Say) -> None:
    """Put a fresh model into the models folder. Raises StartError when it cannot be written or does not train."""
    models = read().models
    mark, clock = models / f"{NAME}.inputs", models / f"{NAME}.seconds"
    wanted = fingerprint()
    if not force and (models / f"{NAME}.tar.gz").exists() and mark.exists() and mark.read_text() == wanted:
        say("Modellen er oppdatert.")
        return
    try:
        models.mkdir(parents=True, exist_ok=True)
        mark.unlink(missing_ok=True)
    except OSError as error:
        raise StartError(f"Mappa {models} kan ikke skrives til ({error.strerror}). Gi tilgang til den.") from error
    started = time.monotonic()
    with _progress(say, _expected(clock)):
        _run_rasa(models)
    seconds = time.monotonic() - started
    clock.write_text(f"{seconds:.0f}")
    mark.write_text(wanted)
    say(f"Modellen er trent på {seconds:.0f} s.")


def _run_rasa(models: Path) -> None:
    import rasa

    output = io.StringIO()
    here = Path.cwd()
    os.chdir(ROOT)  # Rasa imports our components and actions from the working folder.
    try:
        # Rasa prints its progress bars and debug lines to both streams.
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output), _reading_once():
            result = rasa.train(
                domain="domain.yml",
                config="config.yml",
                training_files=["data"],
                output=str(models),
                fixed_model_name=NAME,
            )
    finally:
        os.chdir(here)
    if result is None or getattr(result, "code", 0) != 0 or not (models / f"{NAME}.tar.gz").exists():
        raise StartError("Treningen feilet. Kjør «.venv/bin/rasa data validate» for å se hva som er galt i data/.")


class _Quick(yaml.CSafeLoader):
    """YAML 1.2 as Rasa reads it, twenty times as fast: Rasa's reader is plain Python where no C part is installed."""


_Quick.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", "true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", "~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("int", "[-+]?(?:0|[1-9][0-9]*)", "-+0123456789"),
    ("float", r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))([eE][-+]?[0-9]+)?", "-+.0123456789"),
):
    _Quick.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), list(_first))


def _quickly(content: str, parse: Callable[[str, Any], Any]) -> Any:
    """The content of a long text. What cannot be read is left to ``parse``, which says where."""
    try:
        return yaml.load(content, Loader=_Quick) or {}
    except yaml.YAMLError:
        return parse(content, "safe")


@contextlib.contextmanager
def _reading_once() -> Iterator[None]:
    """Let Rasa read and check each text of YAML once. It reads all of data/ again for every part of the training that
    asks for it, twice each time: minutes of it for as many messages as ours."""
    from rasa.shared.exceptions import RasaException
    from rasa.shared.utils import io as rasa_io
    from rasa.shared.utils import validation

    parse, check = rasa_io.read_yaml, validation.validate_yaml_schema
    parsed: dict[tuple[str, str], bytes] = {}
    checked: set[tuple[str, str, str]] = set()
    checking = False

    def parse_once(content: str, reader_type: Any = "safe") -> Any:
        # The other reader, which a check asks for, adds line numbers: of use only when there is something wrong.
        reader_type = "safe" if checking else reader_type
        key = (content, str(reader_type))
        if key not in parsed:
            quick = key[1] == "safe" and len(content) > _LONG and "${" not in content
            parsed[key] = pickle.dumps(_quickly(content, parse) if quick else parse(content, reader_type))
        return pickle.loads(parsed[key])  # a copy of its own for each reader

    def check_once(content: str, schema: str, package_name: str = "rasa") -> None:
        nonlocal checking
        if (content, schema, package_name) in checked:
            return
        checking = True
        try:
            check(content, schema, package_name)
        except RasaException:
            checking = False
            check(content, schema, package_name)
        finally:
            checking = False
        checked.add((content, schema, package_name))

    rasa_io.read_yaml, validation.validate_yaml_schema = parse_once, check_once
    try:
        yield
    finally:
        rasa_io.read_yaml, validation.validate_yaml_schema = parse, check


def _expected(clock: Path) -> float:
    """How long it took last time on this machine."""
    try:
        return float(clock.read_text())
    except (OSError, ValueError):
        return _FIRST_GUESS_S


@contextlib.contextmanager
def _progress(say: Say, expected_s: float) -> Iterator[None]:
    done = threading.Event()
    started = time.monotonic()

    def report() -> None:
        while not done.wait(_EVERY_S):
            gone = time.monotonic() - started
            left = expected_s - gone
            hope = f"omtrent {left:.0f} s igjen" if left > 0 else "snart ferdig"
            say(f"Trener modellen … {gone:.0f} s, {hope}")

    say(f"Trener modellen (omtrent {expected_s:.0f} s) …")
    thread = threading.Thread(target=report, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
