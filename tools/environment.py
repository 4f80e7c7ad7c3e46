"""Build the virtual environment from the lock files, and say how far it has come.

Runs on any Python, with nothing installed. Usage: environment.py FOLDER LOCK [LOCK …]
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time

ACCEPTED = ("3.11", "3.10")
PACKAGES = (os.path.join("nlp", "nb_norne_sm"),)
"""What is installed from this project's own folders, after the lock: no network is needed for it."""
BUILT = ("build", "__pycache__", "*.egg-info")
HELP = (
    "Hjemvei trenger Python 3.11 (3.10 går også), og fant ingen av dem. "
    "På Debian og Ubuntu: «apt install python3.11 python3.11-venv»; ellers python.org eller pyenv."
)


def find_python():
    """The path of a Python that is accepted, the newest first, or None."""
    for version in ACCEPTED:
        for name in (f"python{version}", "python3", "python"):
            path = shutil.which(name)
            if path and version_of(path) == version:
                return path
    return None


def version_of(path):
    """«3.11» for the interpreter at ``path``, or None when it does not start."""
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        done = subprocess.run([path, "-c", code], capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def digest(locks):
    """What the environment is made from."""
    found = hashlib.sha256()
    for lock in locks:
        with open(lock, "rb") as file:
            found.update(file.read())
    for path in sorted(path for package in PACKAGES for path in files_of(package)):
        found.update(path.replace(os.sep, "/").encode())
        with open(path, "rb") as file:
            found.update(hashlib.sha256(file.read()).digest())
    return found.hexdigest()


def files_of(package):
    """The files that a package of our own is made from, without what building it leaves behind."""
    for folder, folders, names in os.walk(package):
        left_out = set(shutil.ignore_patterns(*BUILT)(folder, [*folders, *names]))
        folders[:] = [name for name in folders if name not in left_out]
        yield from (os.path.join(folder, name) for name in names if name not in left_out)


def install_local(python, package):
    """Install a package of our own from a copy, so that nothing is built in the checkout. Returns pip's exit status."""
    command = [python, "-m", "pip", "install", "--disable-pip-version-check", "-q", "--force-reinstall"]
    command += ["--no-index", "--no-deps", "--no-build-isolation"]
    with tempfile.TemporaryDirectory() as folder:
        copy = os.path.join(folder, os.path.basename(package))
        shutil.copytree(package, copy, ignore=shutil.ignore_patterns(*BUILT))
        return subprocess.run([*command, copy]).returncode


def install(python, lock):
    """Install one lock file, with a line of progress every ten seconds. Returns pip's exit status."""
    with open(lock, encoding="utf-8") as file:
        total = sum(1 for line in file if line[:1].isalnum())
    # Rasa's metadata refuses Python 3.11 and pins what has been replaced on purpose, so pip must not resolve.
    command = [python, "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar", "off", "--no-deps"]
    command += ["--ignore-requires-python", "--require-hashes", "-r", lock]
    started = said = time.monotonic()
    print(f"Henter og legger inn omtrent {total} pakker fra {os.path.basename(lock)} …", flush=True)
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    seen, tail = 0, []
    for line in process.stdout:
        tail = [*tail[-14:], line]
        seen += line.startswith(("Collecting ", "Requirement already "))
        if time.monotonic() - said > 10:
            said = time.monotonic()
            left = (said - started) / max(seen, 1) * (total - seen)
            hope = f"omtrent {left:.0f} s igjen, og så pakkes de ut" if left > 1 else "pakkes ut, snart ferdig"
            print(f"  {min(seen, total)} av {total} pakker, {hope}", flush=True)
    if process.wait() != 0:
        sys.stderr.writelines(tail)
    return process.returncode


def main(folder, locks):
    python = find_python()
    if python is None:
        print(HELP, file=sys.stderr)
        return 2
    own, stamp, wanted = os.path.join(folder, "bin", "python"), os.path.join(folder, ".locks"), digest(locks)
    done = ""
    if os.path.exists(stamp):
        with open(stamp, encoding="ascii") as file:
            done = file.read()
    if wanted in done.split():
        return 0
    if not os.path.exists(own):
        print(f"Lager {folder} med Python {version_of(python)} …", flush=True)
        if subprocess.run([python, "-m", "venv", folder]).returncode != 0:
            return 2
    for lock in locks:
        status = install(own, lock)
        if status != 0:
            print("Pakkene kunne ikke legges inn. Se meldingen fra pip over.", file=sys.stderr)
            return status
    for package in PACKAGES:
        print(f"Legger inn {package} …", flush=True)
        status = install_local(own, package)
        if status != 0:
            print(f"{package} kunne ikke legges inn. Se meldingen fra pip over.", file=sys.stderr)
            return status
    local = [own, "-m", "pip", "install", "--disable-pip-version-check", "-q", "--no-deps", "--no-build-isolation"]
    status = subprocess.run([*local, "-e", "."]).returncode
    if status == 0:
        # An environment with the tools for tests also serves for running.
        every = [digest(locks[:count]) for count in range(1, len(locks) + 1)]
        with open(stamp, "w", encoding="ascii") as file:
            file.write(" ".join(every))
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
