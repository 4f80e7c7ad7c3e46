"""STOPP and the other words, and a number that chooses."""

from __future__ import annotations

import pytest

from bot.channels.sms.commands import Command, chosen, command, without_keywords

KEYWORDS = ["hjemvei", "kode"]
TITLES = ["Ja, jeg kan ringe", "Nei, jeg kan ikke ringe", "Vet ikke"]


@pytest.mark.parametrize(
    "text",
    [
        *[
            "STOPP",
            "stopp",
            "Stopp!",
            "Stop.",
            "STOP",
            "stoppp",
            "stopp stopp stopp",
            " stopp \n",
            "«STOPP»",
            "stopp nå",
        ],
        *["HJEMVEI STOPP", "stopp hjemvei", "Hjemvei: stopp!", "STOPP HJEMVEI.", "kode STOP", "STOPP SMS"],
        *["AVSLUTT", "avslutt", "Avslutte", "UNSUBSCRIBE", "please stop", "stop sending me messages", "stopp, takk"],
        *["ikke send mer", "Ikke send mer!", "ikke send meg mer", "ikke send flere meldinger", "ikke skriv mer"],
        *["ikkje send meir", "Ikkje skriv meir, er du snill", "ikkje send fleire meldingar", "ittj send mer"],
        *["don't send more", "do not text me", "Don’t text me anymore", "no more messages", "never text me again"],
        *["ikke send mer hjemvei", "Hjemvei ikke send mer", "ikke send mer! mamma ser", "mamma ser. ikke send mer"],
        *[
            "kan dere ikke sende mer",
            "vil ikke ha flere meldinger",
            "jeg vil ikke få flere sms",
            "ingen flere meldinger",
        ],
        *["slutt å sende meldinger", "meld meg av", "stopp meldingene", "ikke skriv til meg"],
    ],
)
def test_stop(text: str) -> None:
    assert command(text, KEYWORDS) is Command.STOP


@pytest.mark.parametrize(
    "text",
    [
        *["han må stoppe", "hvordan stopper jeg bryllupet", "få dem til å stoppe", "stopp han", "kan du stoppe reisen"],
        *["de stoppet meg på flyplassen", "jeg vil at det skal stoppe", "ikke send meg", "ikke send meg til Somalia"],
        *["ikke send mer penger", "de sa: ikke skriv mer", "jeg orker ikke mer", "ikke mer", "orker ikke mer nå"],
        *[
            "hvordan avslutter jeg forlovelsen",
            "skal jeg avslutte",
            "ikke kontakt familien",
            "end of school, what then",
        ],
        *[
            "han sendte meg flere meldinger",
            "ikke send bilder av meg",
            "ikke si noe mer til dem",
            "stopp bryllupet",
            "",
        ],
    ],
)
def test_not_stop(text: str) -> None:
    assert command(text, KEYWORDS) is not Command.STOP


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *[
            (text, Command.ERASE)
            for text in ("SLETT", "slett alt", "Slett samtalen!", "hjemvei slett", "delete everything")
        ],
        *[(text, Command.MORE) for text in ("MER", "mer", "Meir.", "more", "hjemvei mer", "SVAR MER")],
        *[(text, Command.HELP) for text in ("HJELP", "hjelp!", "help", "info", "hjemvei hjelp")],
        *[(text, Command.HUMAN) for text in ("MENNESKE", "menneske!", "menneskje", "human")],
        *[
            (text, None)
            for text in ("slett passet mitt", "de vil slette meg", "fortell mer", "hjelp meg", "hei", "...")
        ],
    ],
)
def test_the_other_commands(text: str, expected: Command | None) -> None:
    assert command(text, KEYWORDS) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *[
            (text, TITLES[0])
            for text in ("1", "1.", "1)", " 1 ", "nr 1", "Nr. 1", "en", "én", "ein", "one", "ja", "JA!")
        ],
        *[(text, TITLES[0]) for text in ("ja jeg kan ringe", "Ja, jeg kan ringe.", "1 Ja", "svar 1", "alternativ 1")],
        *[(text, TITLES[1]) for text in ("2", "to", "nummer to", "nei", "2 nei", "jeg velger 2")],
        *[(text, TITLES[2]) for text in ("3", "tre", "vet ikke", "Vet ikke.", "3 vet ikke")],
        *[
            (text, None)
            for text in ("0", "4", "16", "112", "ja men han hører alt", "jeg er 2", "1 Nei", "en venn", "", "?")
        ],
    ],
)
def test_a_choice_by_number_or_words(text: str, expected: str | None) -> None:
    assert chosen(text, TITLES) == expected


def test_without_choices_a_number_is_only_a_number() -> None:
    assert chosen("1", []) is None


def test_a_title_that_stands_twice_is_not_guessed() -> None:
    assert chosen("ja", ["Ja, nå", "Ja, i morgen"]) is None


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("HJEMVEI de har tatt passet mitt", "de har tatt passet mitt"),
        ("hjemvei: hei", "hei"),
        ("Hjemvei er bra", "er bra"),
        ("jeg fant hjemvei på nett", "jeg fant hjemvei på nett"),
        ("hjemveien er lang", "hjemveien er lang"),
        ("hei", "hei"),
    ],
)
def test_keywords_are_taken_off_the_front(text: str, left: str) -> None:
    assert without_keywords(text, KEYWORDS) == left
