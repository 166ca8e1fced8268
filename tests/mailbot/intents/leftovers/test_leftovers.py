"""What a mail asks for besides a style is said in the answer."""

from __future__ import annotations

import pytest

from tests.fakes.mailbot.asks import paint_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("wheat field please, and make the sky purple", "make the sky purple"),
        ("Starry night please. Make it look like it's raining.", "raining"),
        ("die Welle, und setz dem Hund eine Mütze auf", "setz dem Hund eine Mütze auf"),
        ("nuit étoilée, et mets-lui un chapeau", "chapeau"),
        ("noche estrellada y ponle un sombrero", "sombrero"),
        ("the scream. My sister would like the great wave.", "the scream"),
    ],
)
def test_another_request_is_said(text: str, words: str) -> None:
    paint = paint_of(text)
    assert paint.chosen == "named"
    assert words in " ".join(paint.not_understood)


@pytest.mark.parametrize(
    "text",
    [
        "starry night please, and thanks for your brilliant work",
        "the wave please, and it's for my grandma's bathroom",
        "the scream and a bit softer please",
        "Wheat field, my husband grew up on a farm",
    ],
)
def test_a_clause_that_tells_something_is_not(text: str) -> None:
    paint = paint_of(text)
    assert paint.not_understood == ()
