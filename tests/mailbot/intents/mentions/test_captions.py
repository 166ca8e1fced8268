"""Captions that name a style by chance."""

from __future__ import annotations

import pytest

from mailbot.intents.command_types import Paint
from tests.fakes.mailbot.asks import read, request_of


@pytest.mark.parametrize(
    ("text", "is_caption"),
    [
        ("Paul und seine erste Welle", True),
        ("Il primo urlo di Anna", True),
        ("Oma und die Welle", True),
        ("Hugo et sa première vague", True),
        ("这是毕加索，我家的猫", True),
        ("フリーダと海で", True),
        ("Der letzte Schrei: Opas neue Turnschuhe", True),
        ("El último grito en zapatillas", True),
        ("Le dernier cri du quartier", True),
        ("Doing a Mexican wave at Twickenham", True),
        ("vague de chaleur, le chien dans la bassine, peins ça stp", True),
        ("夜班咖啡第五杯，程序员的日常", True),
        ("Mi pastel de cumpleaños", True),
        ("La mia composizione d'italiano era su un viaggio: ho preso sette.", True),
        ("Greetings from Giverny, we had ice cream", True),
        ("Saluti da Giverny", True),
        ("Grandma and the wave please", False),
        ("photo 1: the scream", False),
        ("l'urlo sul portiere", False),
        ("mondrian no meu predio", False),
        ("el grito sobre el portero", False),
        ("The Scream in Oslo", True),
    ],
)
def test_a_caption_names_a_style_by_chance(text: str, *, is_caption: bool) -> None:
    paint = read(request_of({"subject": "", "text": text, "photos": 1}), default="edtaonisl")
    assert isinstance(paint, Paint)
    assert (paint.chosen == "default") is is_caption
