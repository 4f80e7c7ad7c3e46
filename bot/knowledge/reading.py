"""Read an article file: YAML front matter between two lines of ``---``, then ``## `` sections."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from bot.errors import KnowledgeError
from bot.knowledge.model import LANGUAGES, Article, Citation, Section

# The same safe loader in C, where PyYAML has it: ten times as fast.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_HEADING = re.compile(r"^## +(.+?) *$")
# A variant carries only what differs by language; the rest is the bokmål article's.
_LISTS = ("for", "contacts", "laws", "related", "questions")
_KEYS = {
    "topic",
    "title",
    "for",
    "urgency_floor",
    "contacts",
    "laws",
    "sources",
    "checked_on",
    "check_by",
    "related",
    "questions",
    "status",
    "approved",
    "language",
}


def read_yaml(path: Path) -> Any:
    """The content of a YAML file; a KnowledgeError with the line when it is not YAML."""
    try:
        return yaml.load(path.read_text("utf-8"), Loader=_LOADER)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise KnowledgeError([_finding(path, error)]) from error


def read_article(path: Path) -> Article:
    """One article. Raises KnowledgeError with every finding when the file does not have the form."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise KnowledgeError([_finding(path, error)]) from error
    lines = text.splitlines()
    if not lines or lines[0] != "---" or "---" not in lines[1:]:
        raise KnowledgeError([f"{path}:1: front matter mangler (to linjer med ---)"])
    end = lines.index("---", 1)
    front = "\n".join(lines[1:end])
    try:
        data = yaml.load(front, Loader=_LOADER)
    except yaml.YAMLError as error:
        raise KnowledgeError([_finding(path, error, offset=1)]) from error
    if not isinstance(data, dict):
        raise KnowledgeError([f"{path}:2: front matter må være nøkler og verdier"])
    node = yaml.compose(front, Loader=_LOADER)
    places = {key.value: key.start_mark.line + 2 for key, _ in (node.value if node else ())}
    sections, headings, findings = _sections(path, lines, end + 1)
    findings += _form(path, data, places)
    if findings:
        raise KnowledgeError(findings)
    return _article(path, data, sections, {**places, **headings})


def _sections(path: Path, lines: list[str], start: int) -> tuple[dict[Section, str], dict[str, int], list[str]]:
    known = {section.value: section for section in Section}
    bodies: dict[Section, list[str]] = {}
    places: dict[str, int] = {}
    findings: list[str] = []
    current: list[str] | None = None
    for number, line in enumerate(lines[start:], start=start + 1):
        match = _HEADING.match(line)
        if match is None:
            if current is not None:
                current.append(line)
            elif line.strip():
                findings.append(f"{path}:{number}: tekst før første overskrift")
            continue
        heading = match.group(1)
        if heading not in known:
            findings.append(f"{path}:{number}: ukjent overskrift «{heading}»")
            current = []
        elif known[heading] in bodies:
            findings.append(f"{path}:{number}: overskriften «{heading}» står to ganger")
            current = []
        else:
            current = bodies[known[heading]] = []
            places[heading] = number
    return {section: "\n".join(body).strip() for section, body in bodies.items()}, places, findings


def _form(path: Path, data: Mapping[str, Any], places: Mapping[str, int]) -> list[str]:
    findings = [f"{path}:{places[key]}: ukjent nøkkel «{key}»" for key in data if key not in _KEYS]

    def expect(key: str, kind: type, what: str) -> None:
        if key in data and not isinstance(data[key], kind):
            findings.append(f"{path}:{places[key]}: «{key}» må være {what}")

    for key in ("topic", "title", "urgency_floor", "status", "language"):
        expect(key, str, "tekst")
    for key in ("checked_on", "check_by"):
        expect(key, date, "en dato (ÅÅÅÅ-MM-DD)")
    for key in _LISTS:
        expect(key, list, "en liste")
        if isinstance(data.get(key), list) and not all(isinstance(item, str) for item in data[key]):
            findings.append(f"{path}:{places[key]}: «{key}» kan bare ha tekst i lista")
    expect("approved", dict, "«by» og «on»")
    expect("sources", list, "en liste")
    for item in data.get("sources") or ():
        if not isinstance(item, dict) or set(item) != {"id", "at"}:
            findings.append(f"{path}:{places['sources']}: hver kilde må ha «id» og «at»")
    for key in ("topic", "title"):
        if key not in data:
            findings.append(f"{path}:1: «{key}» mangler")
    if data.get("language", "nb") not in LANGUAGES:
        findings.append(f"{path}:{places['language']}: «language» må være en av {', '.join(LANGUAGES)}")
    return findings


def _article(
    path: Path, data: Mapping[str, Any], sections: Mapping[Section, str], places: Mapping[str, int]
) -> Article:
    lists = {key: tuple(data.get(key) or ()) for key in _LISTS}
    return Article(
        topic=data["topic"],
        language=data.get("language", "nb"),
        title=data["title"],
        path=path,
        sections=sections,
        audience=lists["for"],
        urgency_floor=data.get("urgency_floor", "none"),
        contacts=lists["contacts"],
        laws=lists["laws"],
        sources=tuple(Citation(item["id"], str(item["at"])) for item in data.get("sources") or ()),
        related=lists["related"],
        questions=lists["questions"],
        checked_on=data.get("checked_on", date.min),
        check_by=data.get("check_by", date.max),
        status=data.get("status", "written"),
        approved={key: str(value) for key, value in (data.get("approved") or {}).items()},
        lines=places,
    )


def _finding(path: Path, error: Exception, offset: int = 0) -> str:
    mark = getattr(error, "problem_mark", None)
    line = mark.line + 1 + offset if mark is not None else 1
    what = getattr(error, "problem", None) or str(error)
    return f"{path}:{line}: kan ikke leses: {what}"
