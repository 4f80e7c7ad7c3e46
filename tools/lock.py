"""Resolve deps/*.in into the lock files: exact versions with hashes, and no address of any registry.

`uv` is installed for the occasion: it can override what a package asks for, which Rasa 3.6 on Python 3.11 needs, and
it resolves for both Python versions at once.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OPTIONS = ["--universal", "--python-version", "3.10", "--generate-hashes", "--no-annotate", "--no-header", "-q"]
HEADER = "# Made by `make lock` from {source}. Do not edit.\n"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([f"{folder}/bin/pip", "install", "-q", "uv"], check=True)
        for source, target in (
            ("deps/requirements.in", "requirements.lock"),
            ("deps/requirements-dev.in", "requirements-dev.lock"),
        ):
            command = [f"{folder}/bin/uv", "pip", "compile", *OPTIONS, "--override", "deps/overrides.txt"]
            # Whatever index the machine's configuration names must not end up in the file.
            command += ["--no-emit-index-url", "--no-emit-find-links", "--upgrade", source]
            done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, env=os.environ)
            (ROOT / target).write_text(HEADER.format(source=source) + done.stdout, "utf-8")
            print(f"{target}: {done.stdout.count(' --hash')} hashes")


if __name__ == "__main__":
    main()
