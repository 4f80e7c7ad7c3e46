"""What the training messages hold: counts by topic, urgency, form, voice and length, and how often they are alike.

    python -m tools.training_data

A pattern is a beginning (the first two words) or four words in a row that many messages share.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data" / "nlu"
OUT_OF_SCOPE = "bot.utenfor"
ALARMING = ("urgent", "acute")
LONG = range(30, 81)
# Words that name the danger. An urgent message without them tells it indirectly.
_ALARMING_WORDS = re.compile(
    r"\b(drep|drap|dø|død|døy|kniv|pistol|våpen|slå|slår|slo|banka?|banker|juling|kill|die|dead|tving|tvang|tvung|forced|"
    r"gifte|gift|bryllup|nikah|wedding|marry|pass|passet|passport|fly|flyet|flyplass|billett|airport|låst|låse|innesperr|"
    r"locked|selvmord|sjølvmord|suicid|piller|tabletter|kidnapp|fengsel|omskj|lemlest|trus|trua|truet|voldt|krise|112)\w*",
    re.IGNORECASE,
)
NAMED = ("vold", "tvang", "tving", "hjelp", "selvmord", "sjølvmord", "help", "violence", "suicide", "forced")


@dataclass(frozen=True)
class Sample:
    """A training message with its labels."""

    text: str
    topic: str
    urgency: str
    voice: str
    form: str
    reasons: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    lookalike: bool = False
    words: tuple[str, ...] = field(default=(), compare=False)

    @property
    def indirect(self) -> bool:
        """Urgent, and told without a word that names the danger."""
        return self.urgency in ALARMING and not any(named in self.text.casefold() for named in NAMED)

    @property
    def looks_urgent(self) -> bool:
        """No danger is near, but the words could be taken for it: marked so by who labelled it, or by such words."""
        alarming = self.lookalike or (self.urgency == "none" and bool(_ALARMING_WORDS.search(self.text)))
        return alarming and self.urgency not in ALARMING


def samples(folder: Path = DATA) -> list[Sample]:
    """Every training message, in the files' order."""
    found = []
    for path in sorted(folder.glob("*.yml")):
        for entry in yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)["nlu"]:
            for example in entry["examples"]:
                labels = example["metadata"]
                found.append(
                    Sample(
                        text=example["text"],
                        topic=entry["intent"],
                        urgency=labels["urgency"],
                        voice=labels["voice"],
                        form=labels["form"],
                        reasons=tuple(labels.get("reasons", ())),
                        also=tuple(labels.get("also", ())),
                        lookalike=bool(labels.get("lookalike")),
                        words=tuple(example["text"].casefold().split()),
                    )
                )
    return found


def beginnings(messages: Iterable[Sample]) -> Counter[str]:
    """How many messages begin with each two words."""
    return Counter(" ".join(message.words[:2]) for message in messages if len(message.words) > 1)


def runs_of_four(messages: Iterable[Sample]) -> Counter[str]:
    """How many messages hold each four words in a row."""
    found: Counter[str] = Counter()
    for message in messages:
        found.update({" ".join(message.words[at : at + 4]) for at in range(len(message.words) - 3)})
    return found


def _table(title: str, counts: Counter[str], most: int | None = None) -> str:
    rows = "\n".join(f"| {name} | {count} |" for name, count in counts.most_common(most))
    return f"| {title} | messages |\n| --- | ---: |\n{rows}"


def report(messages: Sequence[Sample]) -> str:
    """All tables."""

    def count(holds: Callable[[Sample], bool]) -> int:
        return sum(map(holds, messages))

    starts, runs = beginnings(messages), runs_of_four(messages)
    sharing = sum(any(runs[" ".join(m.words[at : at + 4])] > 3 for at in range(len(m.words) - 3)) for m in messages)
    rows = [
        ("messages", len(messages)),
        ("urgent or acute", count(lambda m: m.urgency in ALARMING)),
        ("– of them told indirectly", count(lambda m: m.indirect)),
        ("look urgent and are not", count(lambda m: m.looks_urgent)),
        ("– of them marked by hand", count(lambda m: m.lookalike)),
        ("out of scope", count(lambda m: m.topic == OUT_OF_SCOPE)),
        ("30 to 80 words long", count(lambda m: len(m.words) in LONG)),
        ("with a second topic that would do", count(lambda m: bool(m.also))),
        ("different first two words", len(starts)),
        ("messages that share four words in a row with more than two others", sharing),
    ]
    figures = "\n".join(f"| {name} | {number} |" for name, number in rows)
    return "\n\n".join(
        [
            f"| | |\n| --- | ---: |\n{figures}",
            _table("commonest beginnings", starts, 10),
            _table("commonest four words in a row", runs, 10),
            _table("urgency", Counter(m.urgency for m in messages)),
            _table("form", Counter(m.form for m in messages)),
            _table("voice", Counter(m.voice for m in messages)),
            _table("topic", Counter(m.topic for m in messages)),
        ]
    )


if __name__ == "__main__":
    print(report(samples()))
