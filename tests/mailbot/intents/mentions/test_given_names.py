"""A first name, or a word that sounds like a painter, is no style that there is not."""

from __future__ import annotations

import pytest

from mailbot.intents.command_types import Paint
from styles.errors import UnknownStyle
from tests.fakes.mailbot.asks import read, request_of


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Mira la cara de Pablo",
            "Esta ola casi nos tira del barco! Mira la cara de Pablo",
            "La cara de la abuela",
        ),
        *("Ecco Leonardo e Raffaello al mare", "Ecco Raffaello", "Leonardo al mare", "Mira a Frida"),
        *("This is Leonardo, three months old", "Das ist Raffael mit seinem Opa", "Frida on the beach"),
        *(
            "Voici Raphaël et Léonard à la plage",
            "Esta é a Frida",
            "Raphael 3 Monate alt",
            "Frida hat Geburtstag",
        ),
    ],
)
def test_a_caption_is_painted_in_the_default_style(text: str) -> None:
    found = read(request_of({"subject": "", "text": text, "photos": 1}))
    assert isinstance(found, Paint)
    assert found.chosen == "default"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Leonardo, per favore",
            "in stile Leonardo",
            "im Stil von Raffael",
            "raffaello",
            "Can you do Leonardo?",
        ),
        *(
            "como la Frida",
            "come Raffaello",
            "frida kahlo style",
            "un monnet please",
            "Leonardo da Vinci please",
        ),
    ],
)
def test_a_wish_for_such_a_painter_is_told(text: str) -> None:
    assert isinstance(read(request_of({"subject": "", "text": text, "photos": 1})), UnknownStyle)
