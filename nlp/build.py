"""Rebuild the pipeline from NorNE: `python -m nlp.build NORNE [WORK]`; NORNE is the archive or its unpacked folder.

Progress goes to standard output: where it has come, and every line of spaCy's own table of the training. A half
that is finished in WORK (default build/spacy) is not trained again when a build that was cut off is started anew.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import threading
import time
from pathlib import Path
from typing import IO

from nlp import check, convert, corpus, evaluate, gazetteer, written
from nlp.assemble import join, package
from nlp.mapping import to_ud
from nlp.trim import trim

HERE = Path(__file__).resolve().parent
WORK = HERE.parent / "build" / "spacy"
PARTS = ("names", "grammar")


def say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {text}", flush=True)


def unpacked(source: Path, work: Path) -> Path:
    """NorNE's folder: the source itself, or where its archive was unpacked. Raises FileNotFoundError."""
    if (source / "ndt").is_dir():
        return source
    if not source.is_file():
        raise FileNotFoundError(f"NORNE={source}: neither NorNE's archive nor its folder")
    folder = work / "norne"
    if not (folder / "ndt").is_dir():
        say(f"unpacking {source.name}")
        with tarfile.open(source) as archive:
            archive.extractall(work, filter="data")
    return folder


def train(part: str, work: Path) -> int:
    """Train one half in a process of its own, unless it is finished; returns the exit status."""
    output = work / part
    if (output / "finished").exists():
        say(f"{part}: trained already in {output}")
        return 0
    command = [sys.executable, "-m", "nlp.train", str(HERE / "configs" / f"{part}.cfg"), str(output)]
    command += [
        "--paths.train",
        str(work / "corpus" / "train.spacy"),
        "--paths.dev",
        str(work / "corpus" / "dev.spacy"),
    ]
    if part == "names":
        command += ["--paths.names", str(HERE / "names.yml"), "--paths.vectors", str(work / "gazetteer")]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1", "ANSI_COLORS_DISABLED": "1", "PYTHONPATH": str(HERE.parent)},
    )
    assert process.stdout is not None
    _relay(part, process.stdout)
    status = process.wait()
    if status == 0:
        (output / "finished").touch()
    return status


def _relay(part: str, lines: IO[str]) -> None:
    for line in lines:
        if line.strip():
            say(f"{part}: {line.rstrip()}")


def train_both(work: Path) -> bool:
    """Both halves, each on one core; whether both came to their end."""
    statuses = dict.fromkeys(PARTS, 1)

    def run(part: str) -> None:
        statuses[part] = train(part, work)

    threads = [threading.Thread(target=run, args=(part,)) for part in PARTS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return not any(statuses.values())


def main(arguments: list[str]) -> int:
    """Exit status: 0 when the package and its page were written, 1 when training failed, 2 when there is no NorNE."""
    if not arguments or not arguments[0]:
        print("make spacy-model NORNE=path/to/norne.tar.xz", file=sys.stderr)
        return 2
    work = Path(arguments[1]) if len(arguments) > 1 else WORK
    work.mkdir(parents=True, exist_ok=True)
    try:
        norne = unpacked(Path(arguments[0]), work)
    except (FileNotFoundError, tarfile.TarError) as error:
        print(error, file=sys.stderr)
        return 2
    say(f"sentences: {convert.write(norne, work / 'corpus')}")
    say(f"words in the table of names: {gazetteer.write(work / 'gazetteer')}")
    for form in corpus.FORMS:
        print(check.report(norne, form, "dev"), flush=True)
    say("training both halves (an hour or two on two cores); a row is a thousand sentences' worth of steps")
    if not train_both(work):
        say("training failed; run again to go on with what is finished")
        return 1
    forms = ([to_ud(sentence) for sentence in corpus.train(norne, form)] for form in corpus.FORMS)
    language = join(*(work / part / "settle" / "model-best" for part in ("grammar", "names")), written.table(*forms))
    found = evaluate.measure(language, work / "corpus")
    model = package(language, found)
    trim(model)
    shutil.copy(norne / "LICENSE_NDT.txt", model.parents[1])
    evaluate.publish(found, model)
    print(evaluate.table(found), flush=True)
    say(f"written: {model} and {evaluate.TARGET.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
