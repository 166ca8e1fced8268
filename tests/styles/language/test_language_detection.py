"""The language of a text."""

from __future__ import annotations

import pytest

from styles.language.language_detection import detect, han, shortened
from styles.language.tokens import tokenize


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Could you paint this in the scream please", "en"),
        ("Könnten Sie dieses Foto im Stil von Munch malen", "de"),
        ("Est-ce que vous pourriez peindre cette photo", "fr"),
        ("¿Me puedes pintar esta foto por favor?", "es"),
        ("Potete dipingere questa foto per favore?", "it"),
        ("Podem pintar esta fotografia por favor?", "pt"),
        ("请把这张照片画成星空的风格", "zh"),
        ("この写真を星月夜にしてください", "ja"),
        ("", "en"),
    ],
)
def test_the_language_of_a_text(text: str, language: str) -> None:
    found = detect(tokenize(text))
    assert found[0] == language
    assert "en" in found


def test_japanese_without_kana_is_known_by_its_words() -> None:
    assert han(["最高"]) == "ja"
    assert han(["星空"]) == "zh"


def test_letters_that_are_drawn_out_are_shortened_to_a_known_word() -> None:
    assert [token.text for token in shortened(tokenize("vielennn pleaseee 111"))] == [
        "vielen",
        "please",
        "111",
    ]
