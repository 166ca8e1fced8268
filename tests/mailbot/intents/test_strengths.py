"""Strengths in words, and sizes that are the photo's own."""

from __future__ import annotations

import pytest

from styles.contract import MAX_SIZE
from tests.fakes.mailbot.asks import paint_of


def options_of(text: str) -> tuple[int, int]:
    paint = paint_of(text)
    assert paint.chosen == "named"
    return round(100 * paint.jobs[0].options.strength), paint.jobs[0].options.size


@pytest.mark.parametrize(
    ("text", "strength"),
    [
        ("wheat field, about a fifth of full strength", 20),
        ("wheat field, thirty-five percent", 35),
        ("the scream, low intensity", 40),
        ("Der Schrei, geringe Intensität", 40),
        ("Sternennacht zu drei Vierteln", 75),
        ("Nachtcafé mit fünfundvierzig Prozent", 45),
        ("le cri aux trois quarts", 75),
        ("le cri, faible intensité", 40),
        ("La noche estrellada con poca intensidad", 25),
        ("notte stellata, effetto leggero", 40),
        ("星空,七成力度", 70),
        ("the scream at 4 out of 10", 40),
        ("Welle, Stärke 7/10", 70),
        ("starry night for my son, he is 6 and a half", 100),
    ],
)
def test_a_strength_in_words(text: str, strength: int) -> None:
    assert options_of(text)[0] == strength


@pytest.mark.parametrize(
    "text",
    [
        "Great Wave, same size as the original",
        "Leger please, as big as my photo",
        "so groß wie das Original, und zwar als Weizenfeld",
        "la vague svp, même taille que l'original",
        "Gran ola, del mismo tamaño que el original",
        "Léger grande quanto la mia foto",
        "神奈川冲浪里,跟原图一样大",
        "神奈川沖浪裏、元の写真と同じ大きさで",
    ],
)
def test_the_size_of_the_photo(text: str) -> None:
    assert options_of(text) == (100, MAX_SIZE)
