"""A quality of a painting that none has is told of: "the scream too dark", "a red wave"."""

from __future__ import annotations

import pytest

from tests.fakes.mailbot.asks import paint_of


@pytest.mark.parametrize(
    ("text", "quality"),
    [
        ("the scream too dark", "too dark"),
        ("la ola muy oscura", "muy oscura"),
        ("le cri, trop sombre", "trop sombre"),
        ("赤い叫び", "赤い"),
        ("the red wave please", "red"),
        ("el grito azul", "azul"),
        ("starry night mirrored", "mirrored"),
        ("l'onda speculare", "speculare"),
        ("a grande onda espelhada", "espelhada"),
        ("呐喊，开心一点", "开心一点"),
        ("wave more abstract", "abstract"),
        ("la ola más abstracta", "abstracta"),
        ("Composición VIII de Kandinsky", "VIII"),
    ],
)
def test_a_quality_that_no_painting_shows_is_told(text: str, quality: str) -> None:
    assert paint_of(text).not_understood == (quality,)


@pytest.mark.parametrize(
    "text",
    [
        "the blue wave",
        "the red scream please",
        "the scream please",
        "the scream for Rex",
        "the wave for my red car, please",
        "can u make my dog into that swirly van gogh one?? the night sky",
        "the scream but don't make it too strong",
    ],
)
def test_what_a_painting_shows_is_not_repeated(text: str) -> None:
    assert paint_of(text).not_understood == ()
