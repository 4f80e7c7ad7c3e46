"""Are the contacts in order? Every finding has a file, a line and a plain sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from bot.directory.contacts import Directory
from bot.directory.coverage import county_named, municipality_named
from bot.directory.model import CLOSED, HELD_BACK, Contact
from bot.directory.need import Door
from bot.knowledge.check import Finding

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_HOST = re.compile(r"([\w-]+\.)+[a-z]{2,}", re.IGNORECASE)
_KINDS = {
    *("nodnummer", "hjelpetelefon", "myndighet", "helse", "veiledning", "organisasjon", "nettsted", "botilbud"),
    *("rettshjelp", "ambassade", "utgaatt"),
}
# Bodies that are no help service: a list of whom to turn to has no place for them.
_NO_HELP = {"hrs", "lim"}
# Harmonised European numbers of social value, six digits. phonenumbers calls some of Norway's invalid.
_HARMONISED = re.compile(r"116\d{3}")


def check(directory: Directory, doors: Mapping[str, Door], root: Path, today: date) -> list[Finding]:
    """Every finding, errors first. ``root`` is the folder knowledge/."""
    lines = _Lines(root / "contacts")
    findings = [
        Finding(level, root / "contacts" / contact.file, lines.of(contact), f"«{contact.id}»: {text}")
        for contact in directory.everything.values()
        for level, text in _contact(contact, doors, today)
    ]
    findings += [Finding("error", root / "needs.yml", 1, text) for text in _doors(directory, doors)]
    return sorted(findings, key=lambda finding: (finding.level, str(finding.path), finding.line))


def valid_number(number: str) -> bool:
    """A number that can be dialled in Norway, or with «+» from anywhere."""
    import phonenumbers
    from phonenumbers import shortnumberinfo

    digits = re.sub(r"\D", "", number)
    try:
        parsed = phonenumbers.parse(number, "NO")
    except phonenumbers.NumberParseException:
        return False
    if phonenumbers.is_valid_number(parsed) or _HARMONISED.fullmatch(digits):
        return True
    short = shortnumberinfo.is_valid_short_number_for_region(parsed, "NO")
    return bool(short or shortnumberinfo.is_emergency_number(digits, "NO"))


def _contact(contact: Contact, doors: Mapping[str, Door], today: date) -> Iterator[tuple[str, str]]:
    if contact.id in _NO_HELP:
        yield "error", "er ikke en hjelpetjeneste og skal ikke stå i lista"
    if contact.kind not in _KINDS:
        yield "error", f"«kind» må være en av {', '.join(sorted(_KINDS))}"
    yield from _ways(contact)
    yield from _state(contact)
    for need in contact.needs:
        if need not in doors:
            yield "error", f"behovet «{need}» finnes ikke i needs.yml"
    for name in contact.covers.municipalities:
        if municipality_named(name) is None:
            yield "error", f"kommunen «{name}» finnes ikke, eller flere heter det (skriv fylket i parentes)"
    for name in contact.covers.counties:
        if county_named(name) is None:
            yield "error", f"fylket «{name}» finnes ikke"
    if contact.open and not contact.hours:
        yield "error", "har åpningstider som regler, men ikke i ord («hours»)"
    if contact.shown and contact.verify_by < today:
        yield "warning", f"skulle vært kontrollert innen {contact.verify_by.isoformat()}"
    if contact.verified_on > today:
        yield "error", "«verified_on» er frem i tid"
    if not contact.verified_on < contact.verify_by:
        yield "error", "«verify_by» må være etter «verified_on»"


def _ways(contact: Contact) -> Iterator[tuple[str, str]]:
    for name in ("phone", "phone_abroad", "sms"):
        number = getattr(contact, name)
        if number and not valid_number(number):
            yield "error", f"«{name}»: {number} er ikke et gyldig nummer"
    if contact.phone_abroad and not contact.phone_abroad.startswith("+"):
        yield "error", "«phone_abroad» må begynne med + og landkode"
    if contact.email and not _EMAIL.fullmatch(contact.email):
        yield "error", f"«email»: {contact.email} er ikke en e-postadresse"
    for name in ("url", "chat"):
        address = getattr(contact, name)
        if address and not _well_formed(address):
            yield "error", f"«{name}»: {address} er ikke en nettadresse"
    for channel in contact.open:
        if channel != "visit" and not contact.way(channel):
            yield "error", f"har åpningstid for «{channel}», men ingen adresse"


def _well_formed(address: str) -> bool:
    parts = urlsplit(address if "://" in address else f"https://{address}")
    return parts.scheme in ("http", "https") and bool(_HOST.fullmatch(parts.hostname or "")) and " " not in address


def _state(contact: Contact) -> Iterator[tuple[str, str]]:
    if contact.kind == "utgaatt" and contact.state != CLOSED:
        yield "error", "er nedlagt («utgaatt») og må ha «state: closed»"
    if contact.state in (HELD_BACK, CLOSED) and not contact.why_state:
        yield "error", "vises ikke; skriv hvorfor i «why_state»"
    if contact.shown and contact.confidence == "low" and not contact.why_state:
        yield "error", "har bare en svak kilde; sett «state: held_back», eller skriv i «why_state» hvorfor den vises"
    if contact.state == HELD_BACK:
        yield "warning", f"holdes tilbake: {contact.why_state}"


def _doors(directory: Directory, doors: Mapping[str, Door]) -> Iterator[str]:
    for door in doors.values():
        for identifier in (*door.doors, *door.young, *door.abroad, *filter(None, [door.acute])):
            if directory.get(identifier) is None:
                yield f"«{door.id}»: kontakten «{identifier}» finnes ikke, eller vises ikke"


class _Lines:
    """The line where each entry begins."""

    def __init__(self, folder: Path) -> None:
        self._lines: dict[tuple[str, str], int] = {}
        for path in folder.glob("*.yml"):
            for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
                if line.startswith("- id: "):
                    self._lines[path.name, line[6:].strip().strip("'\"")] = number

    def of(self, contact: Contact) -> int:
        return self._lines.get((contact.file, contact.id), 1)
