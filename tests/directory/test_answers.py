"""What the assistant's answers say of contacts, at an hour of the day."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.bootstrap import Library
from bot.conversation.answers import Answers
from bot.conversation.draft import Situation
from tests.directory.conftest import moment


def _answers(shelf: Library, at: str) -> Answers:
    def clock() -> datetime:
        return moment(at)

    return Answers(shelf.knowledge, shelf.directory, shelf.lookup, clock=clock)


@pytest.mark.parametrize(
    ("at", "line"),
    [
        ("2026-11-26T10:00", "Kompetanseteamet: 478 090 50 (åpent nå, til kl. 15)"),
        ("2026-11-28T12:00", "Kompetanseteamet: 478 090 50 (åpner mandag kl. 9)"),
        ("2026-11-26T08:20", "Kompetanseteamet: 478 090 50 (åpner om 40 minutter)"),
        ("2026-12-24T10:00", "Kompetanseteamet: 478 090 50 (kan være stengt i dag, julaften)"),
    ],
)
def test_a_line_says_whether_it_is_open_or_when_it_opens(shelf: Library, at: str, line: str) -> None:
    assert _answers(shelf, at).lines_of(["kompetanseteamet"]) == [line]


def test_hours_that_no_source_gives_are_said_to_be_unknown(shelf: Library) -> None:
    answers = _answers(shelf, "2026-11-26T10:00")
    assert answers.lines_of(["noas"]) == ["NOAS: 22 36 56 60 (åpningstid ikke oppgitt)"]
    assert answers.lines_of(["politi_nod"]) == ["Politiet, nødnummer: 112 (døgnåpent)"]
    assert answers.lines_of(["rettentil"]) == ["Rettentil.no (RVTS): https://rettentil.no/"]


def test_abroad_the_hour_is_told_on_both_clocks(shelf: Library) -> None:
    (line,) = _answers(shelf, "2026-11-28T12:00").lines_of(["kompetanseteamet"], abroad=True, country="PK")
    assert line.endswith("(åpner mandag kl. 9 norsk tid, kl. 13 i Pakistan)")


@pytest.mark.parametrize("topic", ["tvang.frykt", "kontroll.min_situasjon", "utland.frykt_for_reise", "vold.hjemme"])
def test_at_night_those_who_answer_come_first(shelf: Library, topic: str) -> None:
    article = shelf.answers.article(topic)
    assert article is not None
    day, night = (_answers(shelf, at).answer(Situation(topic)) for at in ("2026-11-26T10:00", "2026-11-26T03:00"))
    assert day is not None
    assert night is not None
    lines = [line for line in night.texts[-1].splitlines() if line.startswith("- ")]
    assert len(lines) == 3
    open_ = ["døgnåpent" in line for line in lines]
    assert open_ == sorted(open_, reverse=True)
    assert open_[0]
    assert set(night.contacts) <= set(article.contacts)


def test_in_the_daytime_the_editors_order_stands(shelf: Library) -> None:
    for article in shelf.knowledge.answers():
        draft = _answers(shelf, "2026-11-26T10:00").answer(Situation(article.topic))
        assert draft is not None
        listed = [text for text in draft.texts if text.startswith("Her kan du få hjelp")]
        if listed and draft.urgency == "none":
            first = listed[0].splitlines()[1].removeprefix("- ").partition(":")[0]
            names = [contact.spoken_name for name in article.contacts if (contact := shelf.directory.get(name))]
            assert first in names[:2], article.topic
