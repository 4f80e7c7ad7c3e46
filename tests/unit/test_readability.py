from __future__ import annotations

import pytest

from bot.language.readability import readability


def test_lix_is_sentence_length_plus_share_of_long_words() -> None:
    # 8 words in 2 sentences; «barnevernet» and «spesialutsendingen» have more than six letters.
    result = readability("Ring barnevernet i dag. Spør etter spesialutsendingen nå.")
    assert result.words == 8
    assert result.sentences == 2
    assert result.lix == pytest.approx(8 / 2 + 100 * 2 / 8)
    assert result.long_words == ("spesialutsendingen", "barnevernet")


def test_a_list_item_is_a_sentence() -> None:
    assert readability("- ring noen\n- si hvor du er").sentences == 2


def test_nothing_to_read() -> None:
    assert readability(" \n ").lix == 0.0
