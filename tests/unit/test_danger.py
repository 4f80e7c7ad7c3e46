from __future__ import annotations

import pytest

from bot.language.danger import sounds_dangerous


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("زوجي يضربني كل يوم", "ar"),
        ("Ninkaygu wuu i garaacaa", "so"),
        ("میرا شوہر مجھے مارتا ہے", "ur"),
        ("woh mujhe maarta hai", "ur"),
        ("شوهرم مرا لت می‌کند", "fa"),
        ("Mêrê min li min dixe", "ku"),
        ("مێردەکەم لێم دەدات", "ckb"),
        ("Kocam beni dövüyor", "tr"),
        ("ሰብኣየይ ይወቕዓኒ እዩ", "ti"),
        ("Mąż mnie bije codziennie", "pl"),
        ("Чоловік мене б'є", "uk"),
        ("Муж меня бьёт", "ru"),
    ],
)
def test_danger_is_heard_in_each_language(text: str, language: str) -> None:
    assert sounds_dangerous(text, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("كيف حالك اليوم", "ar"),
        ("Habaryartay waxay noo iibisay tigidhada", "so"),
        ("خالہ نے ہمارے لیے ٹکٹ خریدے ہیں", "ur"),
        ("Teyzem bize uçak bileti aldı", "tr"),
        ("Ciocia kupiła nam bilety", "pl"),
        ("Тітка купила нам квитки", "uk"),
        ("pappa slår meg", "nb"),
    ],
)
def test_what_is_calm_or_not_listed_is_no_danger(text: str, language: str) -> None:
    assert not sounds_dangerous(text, language)
