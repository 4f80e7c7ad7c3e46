from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.bootstrap import check_knowledge
from bot.directory.hours import OSLO, parse
from bot.errors import KnowledgeError
from bot.handoff.duty import Duty, Team, findings, read_duty
from bot.settings import Settings
from tests.conftest import ROOT

OFFICE = Team("a", "A", parse([{"days": "weekdays", "from": "09:00", "to": "15:00"}]))


def _at(*when: int) -> datetime:
    return datetime(*when, tzinfo=OSLO)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("when", "on_duty"),
    [
        (_at(2026, 5, 18, 10), True),
        (_at(2026, 5, 18, 16), False),
        (_at(2026, 5, 16, 10), False),
        (_at(2026, 12, 25, 10), False),
        (_at(2027, 5, 17, 10), False),
    ],
    ids=["a Monday", "a Monday afternoon", "a Saturday", "Christmas Day", "the national day, a Monday"],
)
def test_hours_hold_and_holidays_are_free(when: datetime, *, on_duty: bool) -> None:
    assert Duty({"a": OFFICE}).on_duty("a", when) is on_duty


def test_when_it_opens_is_told_only_where_hours_are_given() -> None:
    assert Duty({"a": OFFICE}).opens("a", _at(2026, 5, 15, 20)) == _at(2026, 5, 18, 9)
    assert Duty({"a": Team("a", "A")}).opens("a", _at(2026, 5, 15, 20)) is None


def test_a_chain_ends_also_where_teams_point_at_each_other() -> None:
    duty = Duty({"a": Team("a", "A", next="b"), "b": Team("b", "B", next="a")})
    assert [team.id for team in duty.chain("b")] == ["b", "a"]


def test_the_team_that_comes_with_it_promises_no_hours() -> None:
    duty = read_duty(ROOT / "knowledge" / "teams.yml")
    assert duty.first.hours is None
    assert duty.opens(duty.first.id, _at(2026, 5, 15, 20)) is None
    assert duty.first.take_within == timedelta(minutes=5)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("teams: []", "minst ett lag"),
        ("teams: [", "kan ikke leses"),
        ("teams:\n  - {id: a}", "må ha id og name"),
        ("teams:\n  - {id: a, name: A, farge: blå}", "«farge» er ikke et felt"),
        (
            "teams:\n  - {id: a, name: A, hours: [{days: iblant, from: '09:00', to: '10:00'}]}",
            "«iblant» er ikke en dag",
        ),
        ("teams:\n  - {id: a, name: A, next: b}", "«b» finnes ikke"),
        ("teams:\n  - {id: a, name: A, take_within_minutes: 0}", "må være minutter"),
        ("teams:\n  - {id: a, name: A}\n  - {id: a, name: B}", "står to ganger"),
        ("teams:\n  - {id: a, name: A, messages: kanskje}", "true eller false"),
    ],
)
def test_what_is_wrong_in_the_file_is_said_in_plain_words(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "teams.yml"
    path.write_text(text, "utf-8")
    assert any(said in finding for finding in findings(path))
    with pytest.raises(KnowledgeError):
        read_duty(path)


def test_knowledge_check_reads_the_teams(tmp_path: Path) -> None:
    import shutil
    from datetime import date

    shutil.copytree(ROOT / "knowledge", tmp_path / "knowledge")
    (tmp_path / "knowledge" / "teams.yml").write_text("teams:\n  - {id: a, name: A, next: b}", "utf-8")
    _, _, found = check_knowledge(date.today(), Settings(knowledge=tmp_path / "knowledge"))
    assert [finding.text for finding in found if finding.path.name == "teams.yml"] == ["a: laget «b» finnes ikke"]
