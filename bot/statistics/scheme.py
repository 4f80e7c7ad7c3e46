"""What is counted, and by what. Categories never depend on what was counted, so an empty one tells nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

TOTAL, UNKNOWN = "total", "unknown"
CONVERSATIONS, MESSAGES, CASES = "conversations", "messages", "cases"
HANDLING, CLOSINGS = "handling", "closings"
ANSWERED = "answered"
UNDER, OVER = "under 18", "18+"

ROLES: Mapping[str, str] = {
    "utsatt": "Den det gjelder",
    "parorende": "Venn eller familie",
    "fagperson": "Fagperson",
}
"""Who wrote in a case, as the one who closes it says."""
OUTCOMES: Mapping[str, str] = {
    "veiledet": "Fikk råd og veiledning",
    "henvist": "Vist videre til en annen tjeneste",
    "folges_opp": "Følges opp videre",
    "politi": "Politiet eller nødetatene er varslet",
    "brutt": "Samtalen ble brutt",
    "ended by user": "Personen avsluttet samtalen",
    "deleted by user": "Personen slettet samtalen",
}
"""How a case ended."""
GROUPS: Mapping[str, str] = {
    "akutt": "Akutt fare",
    "utland": "Ufrivillig opphold i utlandet",
    "tvang": "Tvangsekteskap",
    "kontroll": "Negativ sosial kontroll",
    "vold": "Vold og trusler",
    "lemlestelse": "Kjønnslemlestelse",
    "hjelp": "Hjelpetilbud",
    "rett": "Rettigheter",
    "handel": "Menneskehandel",
    "migrant": "Opphold og papirer",
    "fag": "For fagfolk",
}
"""The groups of topics: what stands before the dot in a topic's id."""
URGENCIES = {"none": "Haster ikke", "concern": "Bekymring", "urgent": "Haster", "acute": "Akutt"}
CHANNELS = {"web": "Nettprat", "sms": "SMS"}
AGES = {UNDER: "Under 18 år", OVER: "18 år eller eldre"}
_NOT_KNOWN = {UNKNOWN: "Ukjent"}
_WAITS = (60, 300, 900, 3600)
_WAIT_NAMES = ("Under 1 minutt", "1–5 minutter", "5–15 minutter", "15–60 minutter", "Over 1 time")
_RESULTS = {
    ANSWERED: "Fikk svar",
    "missed": "Ingen svarte i tide",
    "callback": "La igjen en beskjed",
    "left": "Gikk før noen svarte",
}


@dataclass(frozen=True)
class Dimension:
    """One way to divide what is counted. Every one of what is counted falls in exactly one category."""

    id: str
    name: str
    categories: Mapping[str, str]
    """Ids and names. Where something must be hidden beside a small count, the last one is hidden first."""
    within: tuple[str, str] = (TOTAL, TOTAL)
    """The dimension and category that is divided, when it is not all of them."""


@dataclass(frozen=True)
class Measure:
    """Something that is counted. ``unit``: the word for several of them."""

    id: str
    name: str
    unit: str
    dimensions: tuple[Dimension, ...]

    def dimension(self, name: str) -> Dimension:
        return next(dimension for dimension in self.dimensions if dimension.id == name)

    def known(self, dimension: str, category: str | None) -> str:
        """``category`` where there is such a one, else «ukjent»."""
        known = self.dimension(dimension).categories
        return category if category is not None and category in known else UNKNOWN


@dataclass(frozen=True)
class Names:
    """What other rooms call things, by id: counties and countries, main concerns."""

    places: Mapping[str, str]
    concerns: Mapping[str, str]


def measures(names: Names) -> dict[str, Measure]:
    """Everything that is counted, by id."""
    urgency = Dimension("urgency", "Hvor mye det haster", {**URGENCIES, **_NOT_KNOWN})
    channel = Dimension("channel", "Kanal", {**CHANNELS, **_NOT_KNOWN})
    age = Dimension("age", "Alder", {**AGES, **_NOT_KNOWN})
    place = Dimension("place", "Fylke eller land", {**names.places, **_NOT_KNOWN})
    hour = Dimension("hour", "Time på døgnet", {f"{hour:02}": f"kl. {hour:02}" for hour in range(24)})
    group = Dimension("group", "Tema", {**GROUPS, **_NOT_KNOWN})
    understood = Dimension("understood", "Forstått", {"no": "Ikke forstått", "yes": "Forstått"})
    waited = dict(zip(wait_ids(), _WAIT_NAMES, strict=True))
    closed_by = (
        Dimension("concern", "Hovedbekymring", {**names.concerns, **_NOT_KNOWN}),
        Dimension("role", "Hvem som tok kontakt", {**ROLES, **_NOT_KNOWN}),
        Dimension("outcome", "Utfall", {**OUTCOMES, **_NOT_KNOWN}),
    )
    found = (
        Measure(CONVERSATIONS, "Samtaler med assistenten", "samtaler", (group, urgency, channel, age, place, hour)),
        Measure(MESSAGES, "Meldinger til assistenten", "meldinger", (understood,)),
        Measure(CASES, "Saker til et menneske", "saker", (urgency, channel, age, place, hour)),
        Measure(
            HANDLING,
            "Svar på saker",
            "saker",
            (Dimension("result", "Svart", _RESULTS), Dimension("wait", "Ventetid", waited, ("result", ANSWERED))),
        ),
        Measure(CLOSINGS, "Saker som er avsluttet", "saker", (*closed_by, age, place)),
    )
    return {measure.id: measure for measure in found}


def wait_ids() -> tuple[str, ...]:
    """The waiting times that are told apart, as ids."""
    return (*(f"under_{limit}" for limit in _WAITS), "longer")


def wait_id(seconds: float) -> str:
    """Which of them a waiting time is."""
    return next((f"under_{limit}" for limit in _WAITS if seconds < limit), "longer")
