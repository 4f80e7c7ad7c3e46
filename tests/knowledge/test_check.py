from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.bootstrap import Library
from bot.errors import KnowledgeError
from bot.knowledge import load
from bot.knowledge.check import check
from tests.knowledge.conftest import ARTICLE, CONTACTS

TODAY = date(2026, 11, 21)


def _article(base: Path) -> Path:
    return base / "articles" / "utland" / "pass_tatt.md"


def test_a_sound_base_has_no_findings(base: Path) -> None:
    assert check(load(base), CONTACTS, TODAY) == []


@pytest.mark.parametrize(
    ("old", "new", "level", "line_of", "says"),
    [
        ("contacts: [udops]", "contacts: [ukjent]", "error", "contacts:", "kontakten «ukjent»"),
        ("laws: [pass_4]", "laws: [pass_99]", "error", "laws:", "bestemmelsen «pass_99»"),
        ("id: rapport", "id: rykte", "error", "sources:", "kilden «rykte»"),
        ("Ring {udops.phone}.", "Ring 22 33 44 55.", "error", "## Kort", "nummeret 22 33 44 55"),
        ("De hører på deg.", "Se www.ukjent.no.", "error", "## Hvis du tar kontakt", "nettadressen www.ukjent.no"),
        ("De hører på deg.", "Skriv til x@ukjent.no.", "error", "## Hvis du tar kontakt", "e-posten x@ukjent.no"),
        ("De hører på deg.", "Ring {udops.sms}.", "error", "## Hvis du tar kontakt", "udops.sms"),
        ("## SMS\n\nRing", "## SMS\n\n«Ring", "", "", ""),
        ("## SMS\n\nRing", "## SMS\n\nčRing", "error", "## SMS", "utenfor GSM-7: č"),
        ("## SMS\n\nRing", "## SMS\n\n" + "ring " * 70, "error", "## SMS", "3 deler"),
        ("## Kort\n\nRing", "## Kort\n\n" + "ring " * 100, "error", "## Kort", "høyst 450"),
        ("check_by: 2027-05-20", "check_by: 2026-11-20", "error", "check_by:", "etter «checked_on»"),
        (
            "checked_on: 2026-11-20\ncheck_by: 2027-05-20",
            "checked_on: 2026-01-01\ncheck_by: 2026-11-20",
            "warning",
            "check_by:",
            "på nytt",
        ),
        ("status: written", "status: approved", "error", "status:", "hvem (by)"),
        ("urgency_floor: urgent", "urgency_floor: stor", "error", "urgency_floor:", "urgency_floor"),
        ("questions: [en, to, tre]", "questions: [en]", "error", "questions:", "tre måter"),
        ("## Dette bestemmer du selv\n\nDu bestemmer.\n\n", "", "error", "---", "«## Dette bestemmer du selv» mangler"),
        ("De hører på deg.", "Representasjonsordningens konsekvensutredninger " * 9, "error", "---", "LIX"),
    ],
)
def test_each_fault_is_found_at_its_line(base: Path, old: str, new: str, level: str, line_of: str, says: str) -> None:
    assert old in ARTICLE
    text = ARTICLE.replace(old, new, 1)
    _article(base).write_text(text, "utf-8")
    findings = check(load(base), CONTACTS, TODAY)
    if not level:
        assert findings == []
        return
    line = next(n for n, content in enumerate(text.splitlines(), start=1) if content.startswith(line_of))
    assert [(f.level, f.line) for f in findings if says in f.text] == [(level, line)]


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("---\ntopic", "topic", 1, "front matter mangler"),
        ("title: Passet er tatt", "title: a: b", 3, "kan ikke leses"),
        ("status: written", "tittel: x", 14, "ukjent nøkkel «tittel»"),
        ("checked_on: 2026-11-20", "checked_on: i går", 10, "en dato"),
        ("## Kort", "## Kortt", 17, "ukjent overskrift «Kortt»"),
        ("## SMS", "## Kort", 33, "står to ganger"),
        ("- {id: rapport, at: side 3}", "- rapport", 8, "«id» og «at»"),
    ],
)
def test_a_broken_file_gives_its_line_and_what_is_wrong(base: Path, old: str, new: str, line: int, says: str) -> None:
    _article(base).write_text(ARTICLE.replace(old, new, 1), "utf-8")
    with pytest.raises(KnowledgeError) as caught:
        load(base)
    assert any(f"pass_tatt.md:{line}: " in finding and says in finding for finding in caught.value.findings)


def test_every_fault_is_told_at_once(base: Path) -> None:
    _article(base).write_text("nothing", "utf-8")
    (base / "laws.yml").write_text("- [", "utf-8")
    with pytest.raises(KnowledgeError) as caught:
        load(base)
    assert len(caught.value.findings) == 2


def test_a_variant_inherits_and_falls_back(base: Path) -> None:
    variant = "---\ntopic: utland.pass_tatt\nlanguage: nn\ntitle: Passet er teke\n---\n\n## Kort\n\nRing.\n\n## SMS\n\nRing.\n"
    text = (
        variant
        + "\n## Dette kan du gjøre nå\n\n1. Ring.\n\n## Hvis du tar kontakt\n\nJa.\n\n## Dette bestemmer du selv\n\nAlt.\n"
    )
    (base / "articles" / "utland" / "pass_tatt.nn.md").write_text(text, "utf-8")
    knowledge = load(base)
    assert check(knowledge, CONTACTS, TODAY) == []
    nynorsk, english = knowledge.article("utland.pass_tatt", "nn"), knowledge.article("utland.pass_tatt", "en")
    assert nynorsk is not None
    assert nynorsk.title == "Passet er teke"
    assert nynorsk.contacts == ("udops",)
    assert english is not None
    assert english.language == "nb"


def test_the_real_knowledge_base_has_no_errors(shelf: Library) -> None:
    findings = check(shelf.knowledge, shelf.directory.details(), date.today())
    assert [str(f) for f in findings if f.level == "error"] == []


def test_every_topic_but_small_talk_has_an_article(shelf: Library) -> None:
    answered = {article.topic for article in shelf.knowledge.answers()}
    assert [t for t in shelf.knowledge.topics if not t.startswith("bot.") and t not in answered] == []
