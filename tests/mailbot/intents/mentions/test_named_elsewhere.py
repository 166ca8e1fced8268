"""A style that nobody has is told, and one that is left to the bot is none."""

from __future__ import annotations

import pytest

from mailbot.intents.command_types import Paint
from styles.errors import UnknownStyle
from tests.fakes.mailbot.asks import read, request_of


@pytest.mark.parametrize(
    "text",
    [
        "Our cat. Any old style will do.",
        "Unsere Katze. Freier Stil.",
        "Notre chat. Style libre.",
        "Elijan el estilo que más la favorezca, lo dejamos en sus manos.",
        "Usate pure lo stile che vi sembra giusto.",
        "Scegli tu uno stile carino per il mio gatto",
        "O nosso gato. No estilo que acharem melhor.",
        "我们的猫。自由风格。",
        "うちの猫です。スタイルは自由です。",
    ],
)
def test_a_style_that_is_left_to_the_bot_is_no_unknown_one(text: str) -> None:
    paint = read(request_of({"subject": "", "text": text, "photos": 1}))
    assert isinstance(paint, Paint)
    assert paint.chosen in ("default", "surprise")


@pytest.mark.parametrize(
    "text",
    ["in the style of Hundertwasser please", "al estilo de Hundertwasser", "Hundertwasser style please"],
)
def test_a_style_that_is_not_there_is_unknown(text: str) -> None:
    assert isinstance(read(request_of({"subject": "", "text": text, "photos": 1})), UnknownStyle)
