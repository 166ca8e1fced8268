"""What a mail that teaches calls its style."""

from __future__ import annotations

import pytest

from mailbot.intents.learning.painters.told_names import told_name


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ('attached is my painting "Ochre Fields", please learn it', "Ochre Fields"),
        ("my painting 'Ochre Fields', please", "Ochre Fields"),
        ("mein Bild „Ockerfelder“", "Ockerfelder"),
        ("mein Bild »Ockerfelder«", "Ockerfelder"),
        ("mon tableau « Champs d'ocre »", "Champs d'ocre"),
        ("我的画《赭色田野》", "赭色田野"),
        ("題は『二度目の収穫』です", "二度目の収穫"),
        ("File it under the name of Fireside.", "Fireside"),
        ("Name it after my village, Portmarnock.", "Portmarnock"),
        ("Es trägt den Namen Kaminfeuer.", "Kaminfeuer"),
        ("On l'appellera Au coin du feu.", "Au coin du feu"),
        ("Il nome dello stile è Focolare.", "Focolare"),
        ("Lleva el nombre de Lumbre.", "Lumbre"),
        ("Bota o nome de mariposa neon", "mariposa neon"),
        ("就叫它炉火吧。", "炉火"),
        ("Please learn it as soon as possible", ""),
        ("Name ist mir egal", ""),
        ("Call it whatever you like", ""),
        ("My name is Ann", ""),
    ],
)
def test_a_name_is_found_wherever_it_is_told(line: str, name: str) -> None:
    assert told_name([line]) == name
