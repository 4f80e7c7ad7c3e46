"""Which contacts cover where the person is: a municipality, a county, another country."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.directory.contacts import Directory
from bot.directory.model import Contact
from bot.directory.need import Door, Need
from bot.knowledge.model import Country, Mission
from bot.language.places import Place, county, municipality, place

_WITH_COUNTY = re.compile(r"(.+?) \((.+)\)")


def municipality_named(name: str) -> Place | None:
    """The municipality that an editor means: «Hamar», or «Våler (Innlandet)» where two have the name."""
    match = _WITH_COUNTY.fullmatch(name)
    bare, within = (match[1], match[2]) if match else (name, None)
    found = [item for item in place(bare) if item.kind == "municipality"]
    if within is not None:
        codes = {item.code for item in place(within) if item.kind == "county"}
        found = [item for item in found if set(item.counties) & codes]
    return found[0] if len(found) == 1 else None


def county_named(name: str) -> Place | None:
    """The county of that name."""
    return next((item for item in place(name) if item.kind == "county"), None)


def alike(places: Iterable[Place]) -> list[str]:
    """Places with one name, told apart by their county («Våler i Østfold»); none when there is only one of each."""
    named: dict[str, dict[tuple[str, ...], str]] = {}
    for spot in places:
        if len(spot.municipalities) == 1:
            named.setdefault(spot.name, {}).setdefault(spot.municipalities, with_county(spot))
    return [told for same in named.values() if len(same) > 1 for told in same.values()]


def with_county(spot: Place) -> str:
    """«Våler i Østfold»."""
    within = next((found.name for code in spot.counties if (found := county(code)) is not None), "")
    return f"{spot.name} i {within}" if within else spot.name


@dataclass(frozen=True)
class Fit:
    """Where one need is, held against what each contact covers."""

    here: frozenset[str] = frozenset()
    """Ids of local contacts that cover the place."""
    nearby: frozenset[str] = frozenset()
    """Ids of local contacts in the same county, that do not cover it."""
    names: Mapping[str, str] = field(default_factory=dict)
    """For each of them, the place that it covers or lies in, as people say it."""
    place: str = ""
    country: Country | None = None
    mission: Mission | None = None
    missions: frozenset[str] = frozenset()
    """Ids of the embassies that cover the country and may be shown."""
    envoys: frozenset[str] = frozenset()
    """Ids of the contact for the special envoys and of the embassy where the one for the country sits."""

    unsure: bool = False
    """Which of several places is meant is not known, so nobody can be said to cover it."""
    served: frozenset[str] = frozenset()
    """Needs that a local contact at the place helps with."""

    def serves(self, doors: Iterable[Door]) -> bool:
        """A local service at the place helps with one of them."""
        return any(door.id in self.served for door in doors)

    def covers_here(self, contact: Contact) -> bool:
        return contact.id in self.here

    def in_county(self, contact: Contact) -> bool:
        return contact.id in self.nearby

    def has_better(self, contact: Contact, doors: Mapping[str, Door], need: Need) -> bool:
        """A national door that was named where a local service covers the place."""
        if contact.covers.local:
            return False
        return any(name in self.served and contact.id in doors[name].doors for name in need.wanted)


class Ground:
    """What each contact covers, worked out once."""

    def __init__(self, directory: Directory, countries: Mapping[str, Country]) -> None:
        self._countries = countries
        self._directory = directory
        self._municipalities: dict[str, frozenset[str]] = {}
        self._counties: dict[str, frozenset[str]] = {}
        for contact in directory.contacts.values():
            named = [found.code for name in contact.covers.municipalities if (found := municipality_named(name))]
            whole = [found.code for name in contact.covers.counties if (found := county_named(name))]
            if named or whole:
                self._municipalities[contact.id] = frozenset(named)
                self._counties[contact.id] = frozenset((*whole, *(code[:2] for code in named)))

    def fit(self, need: Need) -> Fit:
        """Where the need is."""
        if not need.places and need.country is None:
            return Fit()
        here: dict[str, str] = {}
        nearby: dict[str, str] = {}
        unsure = bool(need.either or alike(need.places))
        for spot in need.places:
            for contact, codes in self._municipalities.items():
                self._place(contact, codes, spot, here, nearby)
                if unsure and here.get(contact) == spot.name:
                    here[contact] = with_county(spot)
        country = self._countries.get(need.country) if need.country else None
        mission = (country.mission or country.mission_closed) if country else None
        return Fit(
            here=frozenset(here),
            unsure=unsure,
            served=frozenset(
                need
                for name in here
                if self._directory.contacts[name].covers.local
                for need in self._directory.contacts[name].needs
            ),
            nearby=frozenset(nearby) - frozenset(here),
            names={**nearby, **here},
            place=need.places[0].name if need.places else "",
            country=country,
            mission=mission,
            missions=frozenset(self._missions(country)),
            envoys=frozenset(self._envoys(country)),
        )

    def _place(
        self, contact: str, codes: frozenset[str], spot: Place, here: dict[str, str], nearby: dict[str, str]
    ) -> None:
        wholly = self._counties[contact] - {code[:2] for code in codes}
        if set(spot.municipalities) & codes or set(spot.counties) & wholly:
            here[contact] = spot.name
        elif set(spot.counties) & self._counties[contact]:
            # For a county, whoever helps in a part of it; for a municipality, whoever is in the same county.
            named = sorted(found.name for code in codes if (found := municipality(code)) is not None)
            in_county = next((found.name for code in spot.counties if (found := county(code)) is not None), spot.name)
            if spot.municipalities:
                nearby[contact] = in_county
            else:
                here[contact] = ", ".join(named[:3])

    def _missions(self, country: Country | None) -> list[str]:
        if country is None:
            return []
        return [contact.id for contact in self._directory.contacts.values() if country.code in contact.covers.countries]

    def _envoys(self, country: Country | None) -> list[str]:
        if country is None or country.envoy is None:
            return []
        return [name for name in ("spesialutsendinger", f"amb_{country.envoy}") if self._directory.get(name)]
