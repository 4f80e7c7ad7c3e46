"""Every number and address that is shown anywhere has a contact behind it, and the contact has a source."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from bot.bootstrap import Library
from bot.directory.trace import texts_of, trace
from bot.knowledge.reading import read_yaml
from bot.knowledge.render import fill
from tests.conftest import ROOT

_NUMBER = re.compile(r"(?<![\w.,/§–-])\+?\d(?:[ \u00a0]?\d){2,}(?![\w–-])")
_EMAIL = re.compile(r"\b[\w.+-]+@[\w.-]+\w")
_HOST = re.compile(r"\b(?:[a-z0-9æøå-]+\.)+(?:no|com|org|net)\b", re.IGNORECASE)


def _texts(shelf: Library) -> dict[str, str]:
    # All that is said beside the articles. Other languages' numbers are held to the directory at load.
    spoken = ("phrases.yml", "talk.yml", *(f"guides/{path.name}" for path in (ROOT / "knowledge/guides").glob("*.yml")))
    others = {name: "\n".join(_strings(read_yaml(ROOT / "knowledge" / name))) for name in spoken}
    return texts_of(shelf.knowledge, others)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _strings(item)
    elif isinstance(value, str):
        yield value


def _is_number_to_call(digits: str) -> bool:
    """Years, sums and counts are not called: three digits that begin a Norwegian emergency number, or five and more."""
    return digits in ("110", "112", "113", "1412") or len(digits) >= 5


def test_every_number_and_address_in_any_text_is_in_the_directory_with_a_source(shelf: Library) -> None:
    details = shelf.directory.details()
    missing = []
    seen = 0
    for name, raw in _texts(shelf).items():
        text = fill(raw, details)
        emails = _EMAIL.findall(text)
        numbers = [number for number in _NUMBER.findall(text) if _is_number_to_call(re.sub(r"\D", "", number))]
        for shown in (*emails, *numbers):
            seen += 1
            found = [item for item in trace(shown, shelf.directory, {}) if item.contact.shown]
            if not any(item.contact.sources for item in found):
                missing.append((name, shown))
    assert missing == []
    assert seen > 500


def test_every_site_in_any_text_is_in_the_directory(shelf: Library) -> None:
    details = shelf.directory.details()
    known = {
        host.lower().removeprefix("www.")
        for contact in shelf.directory.contacts.values()
        for address in (contact.url, contact.chat)
        for host in _HOST.findall(address or "")
    }
    shown = {
        (name, host)
        for name, raw in _texts(shelf).items()
        for host in _HOST.findall(_EMAIL.sub("", fill(raw, details)))
    }
    assert {(name, host) for name, host in shown if host.lower().removeprefix("www.") not in known} == set()


@pytest.mark.parametrize(
    ("query", "contact"),
    [
        ("116111", "alarmtelefonen"),
        ("116 111", "alarmtelefonen"),
        ("+47 954 11 755", "alarmtelefonen"),
        ("95411755", "alarmtelefonen"),
        ("004723950000", "udops"),
        ("alarm@116111.no", "alarmtelefonen"),
        ("https://www.116111.no/", "alarmtelefonen"),
        ("rosa", "rosa"),
        ("112", "politi_nod"),
    ],
)
def test_a_number_an_address_or_an_id_is_traced(shelf: Library, query: str, contact: str) -> None:
    found = trace(query, shelf.directory, _texts(shelf))
    assert contact in [item.contact.id for item in found]
    assert all(item.contact.sources for item in found)


def test_it_is_told_where_a_number_is_shown(shelf: Library) -> None:
    (found,) = [item for item in trace("112", shelf.directory, _texts(shelf)) if item.contact.id == "politi_nod"]
    assert "phrases.yml" in found.shown_in
    assert any(name.startswith("akutt.") for name in found.shown_in)


def test_what_is_not_there_is_not_traced(shelf: Library) -> None:
    assert trace("22 00 00 00", shelf.directory, {}) == []
