from __future__ import annotations

import pytest

from bot.language.urgency_words import alarms, highest


@pytest.mark.parametrize(
    ("text", "reason", "level"),
    [
        ("vil ikke leve mer", "suicide", "urgent"),
        ("eg orkar ikkje, vil ikkje leve", "suicide", "urgent"),
        ("jeg kommer til å ta livet mitt i natt", "suicide", "acute"),
        ("han står utenfor døra og har kniv", "violence_now", "acute"),
        ("gi meg et menneske NÅ de sparker inn døra", "violence_now", "acute"),
        ("jeg har tatt 20 paracet", "suicide", "acute"),
        ("de tar meg med til gambia for å bli omskjært", "fgm_soon", "urgent"),
        ("pappa har låst meg inne på rommet", "locked_in", "acute"),
        ("vi er på vei til gardermoen og jeg vil ikke", "travel_soon", "acute"),
        ("skal gifte meg i morgen", "wedding_soon", "acute"),
        ("får ikke reise hjem til norge", "held_abroad", "urgent"),
        ("dei har gøymt passet mitt", "passport_taken", "urgent"),
        ("jeg er i pakistan og de har tatt passet mitt", "passport_taken", "urgent"),
        ("broren min sier han skal drepe meg", "threat_to_life", "urgent"),
        ("bestemor skal omskjære søstra mi i sommerferien", "fgm_soon", "urgent"),
        ("jeg er tilbake i norge, men de holder henne i irak", "held_abroad", "urgent"),
        ("kom hjem til norge i går. lillesøster får ikke reise hjem", "held_abroad", "urgent"),
    ],
)
def test_an_alarm_is_found_and_says_why(text: str, reason: str, level: str) -> None:
    assert (reason, level) in [(alarm.reason, alarm.level) for alarm in alarms(text)]


@pytest.mark.parametrize(
    "text",
    [
        "er det ulovlig å låse noen inne?",
        "hva er straffen for å drepe noen",
        "gleder meg til bryllup i morgen!",
        "skriver skoleoppgave om drapstrusler og selvmord",
        "for ti år siden låste han meg inne",
        "hvilke regler gjelder når passet er tatt",
        "vil dø av latter av den videoen",
        "har du tips til pass og bagasje",
        "jeg er tilbake i norge etter at de holdt meg i irak",
        "eg kom heim til noreg i fjor, dei holdt meg i somalia",
    ],
)
def test_what_only_sounds_alarming_stays_quiet(text: str) -> None:
    assert alarms(text) == []


@pytest.mark.parametrize(
    ("levels", "expected"),
    [((), "none"), (("concern", "acute", "none"), "acute"), (("none", "concern"), "concern")],
)
def test_highest(levels: tuple[str, ...], expected: str) -> None:
    assert highest(*levels) == expected
