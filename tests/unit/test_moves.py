"""What people do with a message beside asking."""

from __future__ import annotations

import pytest

from bot.language.moves import find_move, yes_or_no


@pytest.mark.parametrize(
    ("text", "move"),
    [
        ("jeg tuller bare", "joke"),
        ("bare kødda", "joke"),
        ("det var ikke meg, det var en film", "not_me"),
        ("jeg angrer på at jeg skrev", "regret"),
        ("ikke si det til noen", "secret"),
        ("lover du at du ikke sier det til noen?", "secret"),
        ("hvem er dette?", "took_over"),
        ("hva har hun skrevet her", "took_over"),
        ("...", "silence"),
        ("hold kjeft", "insult"),
        ("jævla robot", "insult"),
        ("du hjelper meg ikke", "angry"),
        ("send nudes", "sexual"),
        ("test", "test"),
        ("[bilde]", "media"),
        ("<lydmelding>", "media"),
        ("kortere", "shorter"),
        ("kan du si det enklere", "simpler"),
        ("på en annen måte", "another_way"),
        ("fortell mer", "more"),
        ("hvem var det du sa jeg skulle ringe?", "who_to_call"),
        ("kem va det du sa æ skulle ringe?", "who_to_call"),
        ("hva har du forstått?", "understood"),
        ("broren min kommer", "someone_comes"),
        ("jeg er så redd", "feeling"),
        ("hjelp meg", "help_alone"),
        ("har dere noen kilde på det?", "sources"),
        ("hva slags informasjon har søsteren min bedt om?", "took_over"),
        ("stopp", "leave_guide"),
        ("fortsett", "go_on"),
    ],
)
def test_moves_are_found(text: str, move: str) -> None:
    assert find_move(text) == move


@pytest.mark.parametrize(
    "text",
    [
        "pappa sier at jeg er dum og må holde kjeft",
        "de tror jeg tuller når jeg sier at han slår",
        "mannen min tvinger meg til sex",
        "hva er et krisesenter?",
        "de har tatt passet mitt",
        "bilde av meg ble delt",
        "han hater meg og sier at jeg skal dø",
        "hvem kan jeg snakke med om dette?",
        "hjelp, han slår meg",
        "broren min kommer og slår meg",
        "jeg er redd for å bli giftet bort",
        "jeg er tilbake i norge",
        "jeg vil ikke leve mer",
        "ingen hjelper meg, han slår meg hver dag",
    ],
)
def test_moves_never_take_a_message_that_asks_for_help(text: str) -> None:
    assert find_move(text) is None


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("ja", "yes"),
        ("Ja, det er trygt", "yes"),
        ("nei", "no"),
        ("kan ikke det", "no"),
        ("vet ikke", "unknown"),
        ("jeg er 16", None),
    ],
)
def test_moves_yes_and_no(text: str, answer: str | None) -> None:
    assert yes_or_no(text) == answer
