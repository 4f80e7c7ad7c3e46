"""The house stays as the design drew it."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from bot.bootstrap import Library
from tests.conftest import ROOT

ALL = {"settings", "errors", "language", "nlu", "knowledge", "directory", "conversation", "handoff", "storage", "staff", "statistics", "channels", "gateway", "bootstrap", "desk", "quiet", "training", "web"}  # fmt: skip
MAY = {
    "language": set(),
    "nlu": {"language", "knowledge"},
    "knowledge": {"language"},
    # Places and countries in a query are the language room's; knowledge may read it too.
    "directory": {"knowledge", "storage", "language"},
    "desk": {"directory", "knowledge", "settings"},
    "conversation": {"language", "nlu", "knowledge", "directory", "handoff", "storage"},
    "handoff": {"storage", "directory"},
    "staff": {"storage"},
    "statistics": {"storage"},
    "storage": {"settings"},
    # A provider module reads the settings it is given; cleaning and the alphabet of SMS are the language room's.
    "channels": {"conversation", "handoff", "storage", "language", "settings"},
    "gateway": ALL,
    "cli": ALL
    | {"cli_errors", "cli_contacts", "cli_knowledge", "cli_lookup", "cli_sms", "cli_staff", "cli_understanding"},
    "cli_errors": set(),
    "cli_contacts": ALL | {"cli_errors"},
    "cli_knowledge": ALL | {"cli_errors"},
    "cli_lookup": ALL | {"cli_errors"},
    "cli_sms": ALL | {"cli_errors"},
    "cli_staff": ALL | {"cli_errors"},
    "cli_understanding": ALL | {"cli_errors"},
    "bootstrap": ALL | {"bootstrap_cases"},
    "bootstrap_cases": ALL,
    "training": {"settings"},
    "settings": {"settings_values"},
    "settings_values": set(),
    "quiet": set(),
    "errors": set(),
}
"""Which rooms each room may import, as in the design's table. Everybody may use the exception tree."""


def _imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "bot":
            parts = node.module.split(".")
            found |= {parts[1]} if len(parts) > 1 else {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("bot.")}
    return found - {"__version__"}


MODULES = sorted((ROOT / "bot").rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_room_imports_only_what_its_row_allows(path: Path) -> None:
    room = path.relative_to(ROOT / "bot").parts[0].removesuffix(".py")
    if room == "__init__":
        return
    assert _imports(path) - {room, "errors"} <= MAY[room]


@pytest.mark.parametrize("path", sorted((ROOT / "actions").glob("*.py")), ids=lambda path: path.name)
def test_actions_know_no_http_and_no_database(path: Path) -> None:
    assert not _imports(path) & {"gateway", "storage", "cli"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_modules_stay_small(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 400


def _tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    return listed.stdout.splitlines()


def test_no_secret_no_database_and_no_registry_in_the_repository() -> None:
    names = _tracked()
    assert [n for n in names if re.search(r"\.(sqlite3?|db|pem|key)$|(^|/)\.env$", n)] == []
    hosts = re.compile("|".join(["py" + "pi.org", "python" + "hosted", "registry\\.npm" + "js", "deb\\.deb" + "ian"]))
    for name in names:
        if name.endswith((".lock", ".in", ".txt", ".toml", ".md", ".py", ".yml", "Makefile", "run")):
            assert not hosts.search((ROOT / name).read_text("utf-8")), name


def test_every_locked_package_has_a_hash() -> None:
    for lock in ("requirements.lock", "requirements-dev.lock"):
        entries = re.split(r"\n(?=[a-z0-9])", (ROOT / lock).read_text("utf-8"), flags=re.IGNORECASE)
        packages = [entry for entry in entries if "==" in entry.splitlines()[0]]
        assert packages
        assert [entry.splitlines()[0] for entry in packages if "--hash=sha256:" not in entry] == []


def test_the_domain_knows_exactly_the_topics(shelf: Library) -> None:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text("utf-8"))
    assert set(domain["intents"]) == {*shelf.knowledge.topics, "nlu_fallback"}


def test_every_response_and_action_of_the_domain_is_used() -> None:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text("utf-8"))
    spoken = "".join(
        path.read_text("utf-8") for path in [*(ROOT / "data").rglob("*.yml"), *(ROOT / "actions").glob("*.py")]
    )
    assert [name for name in [*domain.get("responses", ()), *domain["actions"]] if name not in spoken] == []


def test_the_published_taxonomy_is_ours(shelf: Library) -> None:
    taxonomy = ROOT.parent / "shared" / "taxonomy.yml"
    if not taxonomy.exists():
        pytest.skip("../shared is not beside this checkout")
    published = yaml.safe_load(taxonomy.read_text("utf-8"))["topics"]
    assert {topic["id"] for topic in published} <= set(shelf.knowledge.topics)


def _strings(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for item in value.values() for text in _strings(item)]
    if isinstance(value, (list, tuple)):
        return [text for item in value for text in _strings(item)]
    return [value] if isinstance(value, str) else []


def test_every_number_that_is_spoken_stands_in_the_directory(shelf: Library) -> None:
    number = re.compile(r"(?<![\w§.,–-])\+?\d[\d ]*\d(?![\w–-])")
    details = _strings(shelf.directory.details())
    known = {re.sub(r"\D", "", found) for text in details for found in number.findall(text)}
    spoken = _strings(yaml.safe_load((ROOT / "knowledge" / "phrases.yml").read_text("utf-8")))
    spoken += _strings(yaml.safe_load((ROOT / "knowledge" / "talk.yml").read_text("utf-8")))
    sections = re.compile(r"§§? [\d ,og–-]+")
    spoken += [sections.sub("", text) for guide in shelf.knowledge.guides.values() for text in guide.texts()]
    for service in shelf.knowledge.services.values():
        spoken += [service.mandate, service.for_whom, service.how, service.cannot]
    found = {re.sub(r"\D", "", match) for text in spoken for match in number.findall(text)}
    assert "112" in found
    years = {digits for digits in found if len(digits) == 4 and digits.startswith(("19", "20"))}
    assert {digits for digits in found - years - known if len(digits) > 2} == set()
