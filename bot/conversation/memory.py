"""What a conversation knows: folded together, message by message, from what is named in it. Pure; no Rasa.

Every field is a slot of domain.yml, which says why it is kept. Nothing is guessed: what was not said is not known.
What is said last wins, so «nei, hun er 15» and «ikke Pakistan, India» correct.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from bot.language.cleaning import fold
from bot.language.moves import find_move

SELF, OTHER = "self", "other"
# Those whom a message may be about instead of the writer: not the parents and husbands, who are in both kinds.
_CARED_FOR = {
    "søster",
    "bror",
    "søsken",
    "fetter",
    "kusine",
    "søskenbarn",
    "datter",
    "sønn",
    "niese",
    "nevø",
    "venninne",
    "venn",
    "elev",
    "nabo",
    "klassekamerat",
    "kollega",
    "barn",
}
_ABROAD = {"held_abroad", "passport_taken"}
_IN_NORWAY = {"norge", "noreg", "norway"}
_WORRIED = re.compile(r"bekymret_for_noen|^fag\.")
OF_ANOTHER = {
    "utland.er_i_utlandet": "utland.bekymret_for_noen",
    "utland.pass_tatt": "utland.bekymret_for_noen",
    "utland.frykt_for_reise": "utland.bekymret_for_noen",
    "tvang.frykt": "tvang.bekymret_for_noen",
}
"""What speaks to the one whom it happens to, and what is answered when it happens to another: «søsteren min er i
Somalia og kommer ikke hjem»."""
_FIRST_PERSON = re.compile(r"\b(jeg|eg|æ|je|meg|mæ|vi|oss)\b")
_ABOUT_THEM = re.compile(r"\b(gjelder|handler om|dreier seg om)\b(?!.*(?<!ikke) meg\b)|\bikke (om )?meg\b")
GRAVE = {"violence_now", "threat_to_life", "suicide", "locked_in", "fgm_soon"}
"""What a «jeg tuller bare» does not put aside before the person has said that they are safe."""
_WEDDING = re.compile(r"\b(brylup\w*|bryllup\w*|gift\w*|vie[st]?|vigsel\w*|forlov\w*|nikah)")
_JOURNEY = re.compile(r"\b(reis\w*|dra(r|tt)?|flyr?|fly(et|plass\w*)|tur(en)?|send\w*|ferie\w*|avreise)\b")
_NO_CALL = re.compile(
    r"\b(kan|tør|får|fikk|våger|torde) ikke (å )?(ringe|ringt?|snakket?|prate)|\bikke (kan|tør|får) (å )?ringe"
    r"|\b(de|han|hun|noen|alle) hører (meg|alt|alt jeg)|\b(har ikke|ingen) (telefon|mobil|ringetid)"
    r"|\bikke trygt å (ringe|snakke)|\b(tatt|tok|tar) (fra meg )?(mobilen|telefonen)"
)
_CAN_CALL = re.compile(r"\b(jeg |eg |æ )?kan ringe( nå)?\b(?! (du|dere|noen))|\bhar telefon\b")
_SUPPOSED = re.compile(r"\b(hvis|dersom|om de|enn om|hva om)\b")
_TAKEN = re.compile(r"\b(tatt|tok|tar|teke|gjemt|gjemmer|stjålet|har ikke|mista|mistet|borte|låst inn|uten|utløpt)\b")
_HAVE = re.compile(r"\b(jeg|eg|æ) har (passet|passe|pass|papirene)( mitt| mine)?\b")
_NOT_BEFORE = re.compile(r"\b(ikke|ikkje|not)( i| til| fra)? *$")
_IS_NOT = re.compile(r"^\W*(nei|neida|jeg mente|eg meinte|unnskyld|feil|ikke)\b")
_THERE = re.compile(
    r"\b(er|e|sitter|holdes|bor|befinner|fanget|innelåst|låst|etterlatt|igjen|her|nå)\b[^.,;!?]{0,25}\bi *$"
)
_AT_HOME = re.compile(r"\b(er|e|bor) ((fortsatt|ennå|enda|hjemme|tilbake|kommet|nå|her) )*i (norge|noreg)\b")
_TO_MARRY = re.compile(r"\b(gift\w*|forlov\w*)( (seg|meg|oss|deg|bort))*( med| til)( \w+)? *$")
_UNDER, _OVER = (
    re.compile(r"\b(under|mindre enn|yngre enn) (18|atten)"),
    re.compile(r"\b(over|eldre enn|fylt|mer enn) (18|atten)|\bvoksen\b(?! i)"),
)
# «Nei, 18»: corrects an age that is known.
_YOUNGEST = 6
_BARE_AGE = re.compile(r"^\W*(?:nei|neida|nja|eh|feil)\W+(\d{1,2})(?: år)?\W*$", re.IGNORECASE)
_SECOND_PERSON_FACTS = ("their_age",)
_FEW_WORDS, _YES_WORDS = 9, 3
_SURE = 0.5


@dataclass(frozen=True)
class Heard:
    """One message as the model understood it, and as it was written."""

    text: str
    topic: str
    confidence: float = 1.0
    urgency: str = "none"
    reasons: Sequence[str] = ()
    alarms: Sequence[str] = ()
    """The reasons that a rule of words found, not just the trained part."""
    said: Sequence[Mapping[str, Any]] = ()
    channel: str = "web"
    language: str = "nb"
    role: str | None = None
    guide: str | None = None
    """Set when a quick reply of a guide was chosen: ``name`` or ``name:fact=value``."""

    def named(self, kind: str) -> list[Mapping[str, Any]]:
        return [entity for entity in self.said if entity["kind"] == kind]

    @property
    def words(self) -> int:
        return len(self.text.split())


@dataclass(frozen=True)
class Memory:
    """What is known. Empty at the start; gone with the conversation."""

    countries: tuple[str, ...] = ()
    place: str | None = None
    about: str | None = None
    """Whom it is about, when it is not the writer: a relation («søster») or ``other``."""
    ages: Mapping[str, int] = field(default_factory=dict)
    """Years, by ``self`` and ``other``."""
    when: Mapping[str, str] = field(default_factory=dict)
    """``travel`` and ``wedding``: ISO 8601."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """Answers in a word that change the help: ``call``, ``papers``, ``abroad``, ``age`` (minor, adult), ``role`` …"""
    told: tuple[str, ...] = ()
    guide: Mapping[str, Any] = field(default_factory=dict)
    """The guide that is under way: its name, the fact it asked for last, how often, and whether it rests."""
    spoken: Mapping[str, Any] = field(default_factory=dict)
    """What the assistant has said: greeting, question about calling, which phrases, the last texts."""

    def slots(self) -> dict[str, Any]:
        """As Rasa keeps it: plain lists and dictionaries, None for what is not known."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        return {name: _plain(value) or None for name, value in values.items()}

    @classmethod
    def of(cls, slots: Mapping[str, Any]) -> Memory:
        """From Rasa's slots."""
        known = {f.name: slots.get(f.name) for f in fields(cls)}
        kept: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in known.items() if value
        }
        return cls(**kept)

    def fact(self, name: str) -> str | None:
        """What is known of a fact that a guide may ask for, from whatever told it."""
        if name in ("age", "their_age"):
            years = self.ages.get(SELF if name == "age" else OTHER)
            if years is not None:
                return "minor" if years < 18 else "adult"
        if name in ("travel", "wedding") and name in self.when:
            return self.when[name]
        if name == "country" and self.countries:
            return self.countries[-1]
        if name == "place" and self.place:
            return self.place
        return self.facts.get(name)

    def knowing(self, **facts: str) -> Memory:
        """With more facts known."""
        return replace(self, facts={**self.facts, **facts})

    def saying(self, **spoken: Any) -> Memory:
        """With more that has been said."""
        return replace(self, spoken={**self.spoken, **spoken})


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else dict(value) if isinstance(value, Mapping) else value


def fold_in(memory: Memory, heard: Heard) -> Memory:
    """The memory after a message. What is said again replaces what was known of the same thing."""
    text = fold(heard.text)
    about = _about(memory, heard)
    if memory.about and about is None:
        # It is about the writer after all: the other's age would be taken for theirs.
        memory = replace(memory, ages={who: years for who, years in memory.ages.items() if who != OTHER})
    memory = replace(memory, about=about)
    if heard.alarms and memory.spoken.get("neutral"):
        memory = memory.saying(neutral=False)
    memory = replace(memory, countries=_countries(memory, heard, text), place=_place(memory, heard))
    memory = replace(memory, ages=_ages(memory, heard), when=_when(memory, heard, text))
    return replace(memory, facts=_facts(memory, heard, text))


def changed(before: Memory, after: Memory) -> list[str]:
    """What a message told that was not known, or otherwise known, before: names of fields and facts."""
    told = [
        name
        for name in ("countries", "place", "about", "ages", "when")
        if getattr(before, name) != getattr(after, name)
    ]
    return told + [name for name in after.facts if after.facts[name] != before.facts.get(name)]


def _about(memory: Memory, heard: Heard) -> str | None:
    # The nearest to the writer's own words: «jeg er bekymret for søsteren min», «hva med broren min».
    text = fold(heard.text)
    # Not those whom one is to marry: «er det lov å gifte seg med søskenbarn?»
    relations = [
        entity["value"]
        for entity in heard.named("relation")
        if entity["value"] in _CARED_FOR and not _TO_MARRY.search(text[: entity.get("start", 0)])
    ]
    if memory.about in _CARED_FOR and relations == ["venn"] and heard.words <= _YES_WORDS:
        relations = []  # «venn eller familie», said of oneself
    if memory.guide.get("asked") == "role":
        relations = []  # «venn»: what the writer is, not whom it is about
    others = not _FIRST_PERSON.search(fold(heard.text))
    if relations and others and heard.topic in OF_ANOTHER and memory.facts.get("role") != "professional":
        return str(relations[0])
    if relations and _ABOUT_THEM.search(fold(heard.text)) and heard.words <= _FEW_WORDS:
        return str(relations[0])
    asks = re.search(
        r"\b(hva|kva|ka) (med|om)\b|\bbekymr\w*|\bredd for (henne|ham|han|søs|ven|bro|dat|ele)", fold(heard.text)
    )
    # «Hvem var det hun skulle ringe?» tells of nobody.
    tells = find_move(heard.text) is None
    worried = tells and bool(_WORRIED.search(heard.topic)) and heard.confidence >= _SURE
    if relations and (asks or worried or memory.about):
        return str(relations[0])
    if worried and not memory.about and memory.facts.get("role") != SELF:
        return OTHER if not heard.topic.startswith("fag.") else memory.about
    if re.search(
        r"\b(gjelder( det)?|det er|handler om|jeg mener|hva med|hva om|om) meg\b( selv)?|\bfor meg selv\b",
        fold(heard.text),
    ):
        return None
    return memory.about


def _countries(memory: Memory, heard: Heard, text: str) -> tuple[str, ...]:
    named: list[str] = []
    refused: list[str] = []
    for entity in heard.named("country"):
        before = text[: entity["start"]]
        (refused if _NOT_BEFORE.search(before) else named).extend(entity["value"])
    if named:
        # The country named last is where it happens, unless a correction takes it back.
        return tuple(dict.fromkeys(named))
    return tuple(code for code in memory.countries if code not in refused)


def _place(memory: Memory, heard: Heard) -> str | None:
    places = [entity["value"] for entity in heard.named("place")]
    return str(places[-1]) if places else memory.place


def _ages(memory: Memory, heard: Heard) -> Mapping[str, int]:
    ages = dict(memory.ages)
    bare = _BARE_AGE.match(heard.text)
    said = heard.named("age") or ([{"value": int(bare.group(1))}] if bare and ages else [])
    for entity in said:
        whose = entity.get("whose")
        if entity.get("past"):
            continue
        if whose == SELF:
            ages[SELF] = entity["value"]
        elif whose in _CARED_FOR or (whose == OTHER and memory.about):
            ages[OTHER] = entity["value"]
        elif whose == OTHER:
            # «han er 45» is as likely the man whom she is to marry.
            if entity["value"] < 25:
                ages[OTHER] = entity["value"]
        elif whose is None:
            asked = memory.guide.get("asked")
            of_another = memory.about or memory.facts.get("role") == "professional"
            who = OTHER if asked in _SECOND_PERSON_FACTS or (of_another and asked != "age") else SELF
            # «2», where there was nothing to choose between, is nobody's age who writes.
            if who == OTHER or entity["value"] >= _YOUNGEST:
                ages[who] = entity["value"]
    return ages


def _when(memory: Memory, heard: Heard, text: str) -> Mapping[str, str]:
    when = dict(memory.when)
    for entity in heard.named("time"):
        if entity.get("tense") == "past":
            continue
        asked = memory.guide.get("asked")
        if _WEDDING.search(text):
            when["wedding"] = entity["value"]
        elif _JOURNEY.search(text):
            when["travel"] = entity["value"]
        elif asked in ("wedding", "travel"):
            when[str(asked)] = entity["value"]
        elif len(when) == 1 and heard.words <= 6:
            when = dict.fromkeys(when, entity["value"])
    return when


def _facts(memory: Memory, heard: Heard, text: str) -> Mapping[str, str]:
    facts = dict(memory.facts)
    if heard.alarms and heard.urgency in ("urgent", "acute"):
        facts["danger"] = "grave" if GRAVE & {*heard.alarms} or facts.get("danger") == "grave" else "yes"
    if heard.role:
        facts["role"] = heard.role
    elif memory.about in _CARED_FOR and memory.about != "elev" and "role" not in facts:
        facts["role"] = "friend"
    if _NO_CALL.search(text) and not _SUPPOSED.search(text):
        facts["call"] = "no"
    elif _CAN_CALL.search(text):
        facts["call"] = "yes"
    paper = any(entity["value"] in ("passport", "travel_document", "id_card") for entity in heard.named("document"))
    if "passport_taken" in heard.reasons or (paper and _TAKEN.search(text)):
        facts["papers"] = "taken"
    elif _HAVE.search(text):
        facts["papers"] = "have"
    if at_home(heard) and not (memory.about and _FIRST_PERSON.search(text)):
        facts["abroad"] = "no"
    elif "held_abroad" in heard.alarms or any(
        _THERE.search(text[: entity["start"]]) for entity in heard.named("country")
    ):
        facts["abroad"] = "yes"
    of_another = memory.about or facts.get("role") == "professional" or memory.guide.get("asked") == "their_age"
    key = "their_age" if of_another else "age"
    if _UNDER.search(text) and heard.words <= 8:
        facts[key] = "minor"
    elif _OVER.search(text) and heard.words <= 8:
        facts[key] = "adult"
    return facts


def of_another(memory: Memory, heard: Heard) -> bool:
    """The message tells of somebody else than the writer, who is not a professional."""
    if not memory.about or memory.facts.get("role") == "professional":
        return False
    return not _FIRST_PERSON.search(fold(heard.text))


def at_home(heard: Heard) -> bool:
    """Somebody is said to be in Norway, or at a place there."""
    text = fold(heard.text)
    there = any(_THERE.search(text[: entity["start"]]) for entity in heard.named("place"))
    return bool(_AT_HOME.search(text)) or (there and not heard.named("country"))


def corrects(text: str) -> bool:
    """The message begins as one that takes something back: «nei, hun er 15», «ikke Pakistan, India»."""
    return bool(_IS_NOT.search(fold(text)))
