"""Why a contact is shown, and how and when it is reached, in words that a helpline worker can read aloud."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.directory.coverage import Fit
from bot.directory.hours import Status
from bot.directory.model import EMERGENCY, Contact
from bot.directory.need import Door, Need
from bot.directory.saying import NOT_GIVEN, said
from bot.directory.zones import zone_of
from bot.knowledge.model import Country

CHANNEL_NAMES = {"phone": "telefon", "sms": "SMS", "chat": "chat", "email": "e-post", "visit": "oppmøte", "url": "nett"}
_NORWEGIAN_DIGITS = 8


def reasons(contact: Contact, need: Need, fit: Fit, doors: Mapping[str, Door], now: Status) -> tuple[str, ...]:
    """The reasons, the most telling first."""
    return tuple(dict.fromkeys((*_where(contact, need, fit), *_who(contact, need), *_how(contact, need, now))))


def _where(contact: Contact, need: Need, fit: Fit) -> Iterator[str]:
    if need.abroad and contact.kind == EMERGENCY:
        yield f"{contact.phone} i utlandet går til lokale nødetater der nummeret virker, ikke til norske nødetater"
    elif need.elsewhere and contact.kind == EMERGENCY:
        yield f"i Norge: {contact.phone}. I utlandet går nummeret til lokale nødetater der det virker"
    elif fit.covers_here(contact):
        yield f"{'bare hvis du mener' if fit.unsure else 'dekker'} {fit.names[contact.id]}"
    elif fit.in_county(contact):
        yield f"i samme fylke ({fit.names[contact.id]})"
    country = fit.country
    if country is not None and contact.id in fit.missions:
        yield f"dekker {country.name}"
    if country is not None and country.envoy and contact.id in fit.envoys:
        seat = country.envoy.capitalize()
        if country.envoy_role == "operativ":
            yield f"spesialutsendingen i {seat} hjelper i saker i {country.name}"
        else:
            yield f"spesialutsendingen i {seat} gir råd til ambassaden som dekker {country.name}"
    if need.abroad:
        yield from _from_abroad(contact)


def _from_abroad(contact: Contact) -> Iterator[str]:
    if contact.sms:
        yield "om SMS virker fra utlandet, er ikke oppgitt"
    if contact.kind == EMERGENCY or not contact.phone:
        return
    digits = "".join(filter(str.isdigit, contact.phone))
    if contact.from_abroad:
        yield f"fra utlandet: {contact.from_abroad}"
    elif len(digits) == _NORWEGIAN_DIGITS and not digits.startswith("8"):
        yield "fra utlandet: slå +47 først"
    elif len(digits) == _NORWEGIAN_DIGITS:
        yield "nummeret virker kanskje bare i Norge"
    else:
        yield "nummeret virker bare i Norge"


def _who(contact: Contact, need: Need) -> Iterator[str]:
    if need.language is not None and need.language in contact.speaks:
        yield f"har {need.language_name}"
    elif need.language is not None and contact.many_languages:
        yield f"har flere språk, spør om {need.language_name}"
    elif need.language is not None and contact.interpreter:
        yield "bruker tolk ved behov"
    age = need.age if need.age is not None else (15 if need.minor else None)
    if age is not None:
        yield from _for_age(contact, age)
    elif contact.ages.least is not None and need.young:
        yield f"for dem over {contact.ages.least}"
    if contact.sex and (need.sex in (None, contact.sex)):
        yield f"for {'kvinner' if contact.sex == 'kvinne' else 'menn'}"
    if need.sex == "mann" and contact.needs[:1] == ("krisesenter",):
        yield "krisesentertilbudet gjelder også menn"
    if need.professional and "fagfolk" in contact.roles:
        yield "gir råd til fagfolk"


def _for_age(contact: Contact, age: int) -> Iterator[str]:
    if age not in contact.ages:
        if contact.worried_adults:
            return
        least, most = contact.ages.least, contact.ages.most
        yield f"bare for dem over {least}" if least is not None and age < least else f"bare for dem til og med {most}"
    elif contact.ages.most is not None and contact.ages.most < 30:
        yield "for barn og unge"


def _how(contact: Contact, need: Need, now: Status) -> Iterator[str]:
    if not contact.answers:
        yield "vi har ikke noe telefonnummer hit, bare nettsiden"
    if need.channel and contact.way(need.channel):
        yield (
            f"svarer på {CHANNEL_NAMES[need.channel]}"
            if need.channel in ("sms", "email")
            else f"har {CHANNEL_NAMES[need.channel]}"
        )
    if need.anonymous and contact.is_anonymous:
        yield "du kan være anonym"
    if need.free and contact.free:
        yield "gratis"
    if need.abroad and contact.kind == EMERGENCY:
        return
    if now.always:
        yield "døgnåpent" if contact.answers else "oppmøte døgnåpent"
    elif now.open:
        yield "åpent da" if need.at_said else "åpent nå"


def hours_in_words(
    contact: Contact, channel: str | None, now: Status, need: Need, countries: Mapping[str, Country]
) -> str:
    """The hours at the moment asked about; what no source gives is said to be unknown, and a website has none."""
    if need.abroad and contact.kind == EMERGENCY:
        # It reaches somebody else there.
        return ""
    if channel is None or (now.open is None and not now.why):
        if need.channel is not None and contact.open and need.channel != "url":
            return f"{CHANNEL_NAMES[need.channel]}: {NOT_GIVEN}"
        if contact.hours:
            return contact.hours.rstrip(".")
        return NOT_GIVEN if contact.phone and contact.kind != EMERGENCY else ""
    zone = zone_of(need.country, need.at) if need.abroad and need.country else None
    country = countries.get(need.country or "")
    where = country.name if country else ""
    if now.always and channel == "visit" and not contact.answers:
        return "oppmøte døgnåpent"
    phrase = said(now, need.at, zone=zone, where=where, then=need.at_said)
    return phrase if channel == contact.channel else f"{CHANNEL_NAMES[channel]}: {phrase}"


def phone_for(contact: Contact, need: Need) -> str | None:
    """The number for where the person is."""
    return (contact.from_abroad or contact.phone) if need.abroad else contact.phone
