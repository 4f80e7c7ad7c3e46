"""The contacts are in order, and what is not is said with file, line and reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot import directory as directory_room
from bot.bootstrap import Library
from bot.directory import Contact
from bot.directory.check import check, valid_number
from bot.directory.contacts import Directory
from bot.errors import KnowledgeError
from tests.conftest import ROOT, SHARED

TODAY = date(2026, 11, 28)


def _findings(shelf: Library, contact: Contact, today: date = TODAY) -> str:
    directory = Directory(shelf.directory.contacts, {contact.id: contact})
    found = check(directory, shelf.lookup.doors, ROOT / "knowledge", today)
    return "\n".join(str(finding) for finding in found)


def test_the_contacts_have_no_errors(shelf: Library) -> None:
    found = check(shelf.directory, shelf.lookup.doors, ROOT / "knowledge", TODAY)
    assert [str(finding) for finding in found if finding.level == "error"] == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"phone": "22 33 11"}, "er ikke et gyldig nummer"),
        ({"sms": "12 34"}, "er ikke et gyldig nummer"),
        ({"phone_abroad": "22 33 11 60"}, "må begynne med +"),
        ({"email": "rosa-help.no"}, "er ikke en e-postadresse"),
        ({"url": "rosa help"}, "er ikke en nettadresse"),
        ({"chat": "ftp://rosa-help.no"}, "er ikke en nettadresse"),
        ({"kind": "butikk"}, "«kind» må være en av"),
        ({"kind": "utgaatt"}, "må ha «state: closed»"),
        ({"state": "held_back"}, "skriv hvorfor"),
        ({"confidence": "low"}, "har bare en svak kilde"),
        ({"needs": ("finnes_ikke",)}, "finnes ikke i needs.yml"),
        ({"hours": None}, "ikke i ord"),
        ({"phone": None}, "ingen adresse"),
        ({"covers": directory_room.model.Coverage(municipalities=("Langtvekkistan",))}, "kommunen «Langtvekkistan»"),
        ({"covers": directory_room.model.Coverage(municipalities=("Våler",))}, "skriv fylket i parentes"),
        ({"covers": directory_room.model.Coverage(counties=("Hordaland",))}, "fylket «Hordaland»"),
        ({"id": "hrs"}, "er ikke en hjelpetjeneste"),
        ({"verified_on": date(2030, 1, 1), "verify_by": date(2031, 1, 1)}, "frem i tid"),
    ],
)
def test_what_is_wrong_is_an_error(shelf: Library, change: dict[str, Any], says: str) -> None:
    told = _findings(shelf, replace(shelf.directory.contacts["rosa"], **change))
    assert " feil: " in told
    assert says in told


def test_verification_that_is_due_is_a_remark_with_its_line(shelf: Library) -> None:
    told = _findings(shelf, shelf.directory.contacts["rosa"], date(2028, 1, 1))
    assert " merknad: " in told
    assert "skulle vært kontrollert innen" in told
    line = int(told.split("contacts.yml:")[1].split(":")[0])
    entry = (ROOT / "knowledge" / "contacts" / "contacts.yml").read_text("utf-8").splitlines()[line - 1]
    assert entry == "- id: rosa"


@pytest.mark.parametrize("number", ["112", "113", "1412", "02800", "116 006", "116 117", "815 55 201", "+47 23 95 00 00", "+251 113 170420"])  # fmt: skip
def test_numbers_that_can_be_dialled_are_valid(number: str) -> None:
    assert valid_number(number)


@pytest.mark.parametrize("number", ["", "12345", "2800", "999", "22 33 11", "+47 23", "ring oss"])
def test_numbers_that_cannot_are_not(number: str) -> None:
    assert not valid_number(number)


def test_the_directory_keeps_what_was_decided(shelf: Library) -> None:
    everything = shelf.directory.everything
    assert {contact.kind for contact in shelf.directory.contacts.values()}.isdisjoint({"utgaatt"})
    assert not {"hrs", "lim"} & set(everything)
    assert everything["salam"].state == "held_back"
    for contact in everything.values():
        assert contact.sources, contact.id
        assert contact.shown or contact.why_state, contact.id


def test_every_contact_of_the_list_we_were_given_is_kept_with_its_sources(shelf: Library) -> None:
    given = SHARED / "sources" / "contacts.yaml"
    if not given.exists():
        pytest.skip("../shared is not beside this checkout")
    for entry in directory_room.contacts.read_yaml(given):
        if entry["id"] in ("hrs", "lim"):
            continue
        ours = shelf.directory.everything[entry["id"]]
        assert {source["ref"] for source in entry["sources"]} <= {reference.ref for reference in ours.sources}
        assert (ours.phone, ours.sms, ours.email) == (entry["phone"], entry["sms"], entry["email"])


@pytest.mark.shared
def test_what_was_taken_from_the_documents_stands_at_its_place_there(shelf: Library) -> None:
    seeds = SHARED / "sources" / "seeds"
    if not seeds.is_dir():
        pytest.skip("../shared is not beside this checkout")
    read = {path.name: path.read_text("utf-8") for path in seeds.glob("*.txt")}
    local = [contact for contact in shelf.directory.everything.values() if contact.file == "lokale.yml"]
    for contact in local:
        for reference in contact.sources:
            if not reference.ref.startswith("seeds/"):
                continue
            name, _, at = reference.ref.removeprefix("seeds/").partition("#char=")
            around = read[name][int(at) - 30 : int(at) + 60]
            host = (contact.url or "").removeprefix("http://www.").rstrip("/")
            assert (contact.phone or host).lower() in around.lower(), contact.id


def _write(folder: Path, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "a.yml").write_text(text, "utf-8")
    return folder


GOOD = """\
- id: prove
  name: Prøve
  kind: nettsted
  does: Prøver.
  phone: '02800'
  sources: [{ref: en kilde, date: udatert}]
  confidence: high
  verified_on: 2026-01-01
  verify_by: 2027-01-01
  state: shown
"""


def test_an_entry_in_good_form_is_read(tmp_path: Path) -> None:
    contact = directory_room.load(_write(tmp_path / "contacts", GOOD)).contacts["prove"]
    assert contact.phone == "02800"
    assert contact.covers.national


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("'02800'", "112", "anførselstegn"),
        ("  sources: [{ref: en kilde, date: udatert}]\n", "", "ingen kilde"),
        ("state: shown", "state: kanskje", "«state» må være en av"),
        ("confidence: high", "confidence: memory", "«confidence» må være en av"),
        ("verify_by: 2027-01-01", "verify_by: snart", "må være en dato"),
        ("kind: nettsted", "kind: nettsted\n  telefon: '112'", "ukjent felt: telefon"),
        ("kind: nettsted", "kind: nettsted\n  open: {phone: sometimes}", "åpningstid må være"),
        ("kind: nettsted", "kind: nettsted\n  open: {fax: always}", "«open» kan ha"),
        ("kind: nettsted", "kind: nettsted\n  age: {min: 3}", "«age» må ha"),
        ("kind: nettsted", "kind: nettsted\n  covers: {planets: [Mars]}", "ukjent felt i «covers»"),
        ("kind: nettsted", "kind: nettsted\n  free: kanskje", "true eller false"),
        ("kind: nettsted", "kind: nettsted\n  needs: vold", "liste med tekst"),
        ("kind: nettsted", "kind: nettsted\n  roles: [lege]", "«roles» kan være"),
        ("does: Prøver.", "does: ''", "mangler does"),
        ("- id: prove", "- 3\n- id: prove", "oppføring 1"),
    ],
)
def test_an_entry_in_bad_form_is_refused_with_what_is_wrong(tmp_path: Path, before: str, after: str, says: str) -> None:
    assert before in GOOD
    with pytest.raises(KnowledgeError, match=says):
        directory_room.load(_write(tmp_path / "contacts", GOOD.replace(before, after)))


def test_two_of_the_same_id_are_refused(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="to ganger"):
        directory_room.load(_write(tmp_path / "contacts", GOOD + GOOD))
