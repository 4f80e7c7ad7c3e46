"""Read a query as somebody types it while a person waits on the line: «krisesenter som tar imot menn i trondheim»."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from bot.directory.contacts import Directory
from bot.directory.danger import Emergency, emergency
from bot.directory.model import Contact
from bot.directory.need import Door, Need
from bot.directory.query_lists import FLAGS, Said, lists
from bot.directory.spelling import closest
from bot.directory.when import When, when
from bot.directory.whereabouts import Where, Whereabouts
from bot.directory.words import Hit, Phrases
from bot.knowledge.model import Country
from bot.language.cleaning import clean, fold
from bot.language.places import place
from bot.language.tokens import Token, tokens

_LONGEST = 400
_NUMBER_WORDS = {
    "elleve": 11,
    "tolv": 12,
    "tretten": 13,
    "fjorten": 14,
    "femten": 15,
    "seksten": 16,
    "sytten": 17,
    "atten": 18,
    "nitten": 19,
    "tjue": 20,
    "eleven": 11,
    "twelve": 12,
    "thirteen": 13,
    "fourteen": 14,
    "fifteen": 15,
    "sixteen": 16,
    "seventeen": 17,
    "eighteen": 18,
    "nineteen": 19,
    "twenty": 20,
}
_AGE_NUMBER = rf"(?P<age>\d{{1,2}}|{'|'.join(_NUMBER_WORDS)})"
_PERSON = (
    r"jente|jenta|gutt|gutten|gut|mann|kvinne|dame|datter|dotter|sønn|son|søster|syster|bror|elev|eleven|venn|venninne"
)
# «er 3 barn», «er 20 kilometer unna»
_OTHER_THINGS = "barn|kids|children|km|kilometer|minutt|time|dag|uke|prosent|kroner"
_AGES = [
    re.compile(rf"\b(?:er|e|blir|fyller|på|am|i'm|im|aged?|is) {_AGE_NUMBER}\b(?! ?(?:{_OTHER_THINGS}))"),
    re.compile(rf"\b{_AGE_NUMBER}[ -]?(?:år|åring\w*|års?|year|years|yo)\b"),
    re.compile(rf"\b(?:{_PERSON}) {_AGE_NUMBER}\b"),
]
_YOUNGEST, _OLDEST, _GROWN = 5, 99, 18
_MARRIED = {
    "gift",
    "gifta",
    "giftet",
    "gifte",
    "giftes",
    "married",
    "forlovet",
    "forlova",
    "kone",
    "ektemann",
    "mannen",
}
# A need that says more than others does: those are left out beside it.
_WIDER = {"overgrepsmottak": ("overgrep",), "barn_utsatt": ("vold", "barn", "utover")}
_PHONE = re.compile(r"(?<!\w)\+?\d(?:[ \u00a0]?\d){2,}(?!\w)")
_EVENT = re.compile(
    r"\b(slipp\w* ut|løslat\w*|send(t|es|er?|e)|reis\w*|drar|dra|flyr|fly|flyet|gift\w*|bryllup\w*|vielse\w*|nikah|"
    r"drep\w*|voldt\w*|valdt\w*|rettssak\w*|rettsmøte|avhør\w*|omskj\w*|hent(es|er)|flytt\w*|tvinge\w*|tvunget|kill\w*|married|"
    r"wedding|flight|leaving|travel\w*|sent|raped|slo|slått|released|skal til|skal på)\b"
)
_HOURS = re.compile(r"\b(åp(en|ent|ne|ner)|open|opent|opnar|svarer|svarar|stengt|closed|kl|klokk(a|en))\b")
# A misspelt word is compared with what we know from this length on.
_SHORTEST_MISSPELT = 6
_POLICE = "politi_nod"


class Reader:
    """Reads queries against one directory and its doors."""

    def __init__(self, directory: Directory, doors: Mapping[str, Door], countries: Mapping[str, Country]) -> None:
        self._doors = doors
        self._wanted: Phrases[str] = Phrases((word, door.id) for door in doors.values() for word in door.words)
        names = [(name, contact.id) for contact in directory.contacts.values() for name in _names(contact)]
        self._names: Phrases[str] = Phrases(names)
        self._numbers: dict[str, list[str]] = {}
        for contact in directory.contacts.values():
            for number in (contact.phone, contact.phone_abroad, contact.sms):
                if number:
                    self._numbers.setdefault(_digits(number), []).append(contact.id)
        self._spellings: dict[str, tuple[str, str]] = {}
        for kind, phrases in (("need", self._wanted), ("name", self._names)):
            for word, meaning in phrases.stems():
                if len(word) >= _SHORTEST_MISSPELT:
                    self._spellings.setdefault(word, (kind, meaning))
        self._closest = lru_cache(maxsize=5_000)(self._find_closest)
        self._whereabouts = Whereabouts(countries)

    def read(self, text: str, now: datetime) -> Need:
        """The need behind ``text``. ``now``, with its zone, is the moment it is asked."""
        query = clean(text)[:_LONGEST]
        folded = fold(query)
        clock = when(folded, now)
        if clock.said and _EVENT.search(folded) and not _HOURS.search(folded):
            # «slipper ut i morgen»: the day is another thing's, and the call is now.
            clock = When(now, False, clock.rest)
        words = tokens(query)
        age = _age(clock.rest)
        wanted, named, known = self._meant(words, query, age)
        heard = list(lists().phrases.find(words))
        known |= {at for hit in heard for at in range(hit.first, hit.last + 1)}
        flags = {name: any(hit.meaning[0] == name for hit in heard) for name in FLAGS}
        placed = any(need in _PLACED or self._doors[need].local for need in wanted)
        where = self._whereabouts.read(query, words, known, matters=placed)
        acute = self._acute(query, wanted, flags, there=where.there)
        language = _language(words, heard)
        return Need(
            at=clock.at,
            wanted=wanted or _behind(acute),
            named=named,
            places=where.places,
            read_as=where.read_as,
            unknown_place=where.unknown,
            country=where.country,
            abroad=where.there or flags["abroad"],
            age=age,
            minor=flags["minors"] and not flags["adults"] and not _only_with_children(words, heard),
            sex=_sex(words, heard),
            language=language["code"] if language else None,
            language_name=language["name"] if language else "",
            anonymous=flags["anonymous"],
            free=flags["free"],
            channel=_one([hit.meaning[1] for hit in heard if hit.meaning[0] == "channels"]),
            open_now=_asks_for_hours(clock, folded, flags),
            at_said=clock.said,
            acute=acute.number if acute else None,
            acute_then=acute.then if acute else (),
            elsewhere=where.elsewhere,
            either=where.either,
            understood=bool(wanted or named or heard or clock.said or acute or where != Where())
            or any(word.text in lists().help_words for word in words),
            professional=flags["professionals"],
            worried=flags["worried"] or flags["professionals"],
        )

    def _meant(
        self, words: Sequence[Token], query: str, age: int | None
    ) -> tuple[tuple[str, ...], tuple[str, ...], set[int]]:
        """Needs, contacts by name, and the places of the words that were understood."""
        wanted = list(self._wanted.find(words))
        named = list(self._names.find(words))
        # «krisesenter oslo» is a name longer than «krisesenter»; of names that overlap the longest counts.
        named = [hit for hit in named if not any(_inside(hit, other) for other in named)]
        wanted = [hit for hit in wanted if not any(_inside(hit, other) for other in wanted)]
        known = {at for hit in (*wanted, *named) for at in range(hit.first, hit.last + 1)}
        needs, names = [hit.meaning for hit in wanted], [hit.meaning for hit in named]
        for at, word in enumerate(words):
            close = self._closest(word.text) if at not in known else None
            if close is not None:
                known.add(at)
                (needs if close[0] == "need" else names).append(close[1])
        for match in _PHONE.finditer(query):
            names += self._numbers.get(_digits(match.group()), ())
        if age is not None and age < _GROWN and any(word.text in _MARRIED for word in words):
            needs.insert(0, "tvang")
        if "klage" in needs:
            # «avslag fra UDI»: what one complains of does not help with the complaint.
            names = [name for name in names if name != "udi"]
        needs = [need for need in needs if not any(need in _WIDER.get(other, ()) for other in needs)]
        return tuple(dict.fromkeys(needs)), tuple(dict.fromkeys(names)), known

    def _find_closest(self, word: str) -> tuple[str, str] | None:
        """What a misspelt word is meant to be, among needs and names."""
        if len(word) < _SHORTEST_MISSPELT or word in lists().common or place(word) or place(word.removesuffix("s")):
            return None
        stem = closest(word, self._spellings)
        return self._spellings[stem] if stem else None

    def _acute(self, query: str, wanted: Sequence[str], flags: Mapping[str, bool], *, there: bool) -> Emergency | None:
        fired = emergency(query)
        if fired is not None:
            return fired
        calm = flags["not_acute"] or not (flags["acute"] or flags["open_now"] or there)
        number = next((self._doors[need].acute for need in wanted if self._doors[need].acute), None)
        if number is not None and not calm:
            return Emergency(number)
        return Emergency(_POLICE) if flags["acute"] and not flags["not_acute"] else None


# Needs where the place or country decides who helps.
_PLACED = {"ambassade", "spesialutsending", "skole", "utland", "pass"}


def _behind(acute: Emergency | None) -> tuple[str, ...]:
    """What helps beside the emergency number, where nothing else was asked for."""
    if acute is None:
        return ()
    if acute.number == _POLICE:
        return ("vold",)
    return ("selvmord",) if "mental_helse" in acute.then else ("ambulanse",)


def _names(contact: Contact) -> list[str]:
    """What a contact is called: its names, the parts of them, what people say."""
    names = [contact.name, contact.short or "", *contact.earlier_names]
    if contact.kind != "ambassade" and not contact.covers.local:
        # «NOAS – Norsk organisasjon for asylsøkere», «Human Trafficking Support Oslo (NAV Grünerløkka)».
        names += [re.sub(r"\(.*?\)", "", name).partition(" – ")[0] for name in names]
    names += re.findall(r"\(([A-ZÆØÅ]{3,6})\)", contact.name)
    return list(dict.fromkeys([*(name.lower().strip() for name in names if name.strip()), *contact.aliases]))


def _inside(hit: Hit[str], other: Hit[str]) -> bool:
    return (
        other is not hit
        and other.first <= hit.first
        and hit.last <= other.last
        and (other.last - other.first) > (hit.last - hit.first)
    )


def _digits(number: str) -> str:
    """Digits only, without Norway's country code where it is there."""
    digits = re.sub(r"\D", "", number)
    return digits[2:] if digits.startswith("47") and len(digits) == 10 else digits


def _one(found: Sequence[str]) -> str | None:
    """The one thing that was said; None when nothing or both were."""
    return found[0] if len(set(found)) == 1 else None


def _age(text: str) -> int | None:
    for pattern in _AGES:
        for match in pattern.finditer(text):
            given = match["age"]
            age = int(given) if given.isdigit() else _NUMBER_WORDS[given]
            if _YOUNGEST <= age <= _OLDEST:
                return age
    return None


def _sex(words: Sequence[Token], heard: Sequence[Hit[Said]]) -> str | None:
    """Of whoever needs help: not «min mann», not «slått av en mann»."""
    hits = [hit for hit in heard if hit.meaning[0] == "sexes"]
    others = lists().other_person
    return _one(
        [
            hit.meaning[1]
            for hit in hits
            if not any(word.text in others for word in words[max(0, hit.first - 2) : hit.first])
        ]
    )


def _only_with_children(words: Sequence[Token], heard: Sequence[Hit[Said]]) -> bool:
    """«mann med to barn»: the children come along."""
    hits = [hit for hit in heard if hit.meaning[0] == "minors"]
    return bool(hits) and all(hit.first and words[hit.first - 1].text in lists().with_children for hit in hits)


def _language(words: Sequence[Token], heard: Sequence[Hit[Said]]) -> Mapping[str, Any] | None:
    for hit in heard:
        kind, language = hit.meaning
        if kind != "languages":
            continue
        spoken = hit.first and words[hit.first - 1].text in lists().speaking
        if spoken or language.get("sure") or language["code"] == "se":
            return dict(language)
    return None


def _asks_for_hours(clock: When, text: str, flags: Mapping[str, bool]) -> bool:
    return clock.said or flags["open_now"] or bool(re.search(r"\b(natta?|natten|kveld(en)?)\b", text))
