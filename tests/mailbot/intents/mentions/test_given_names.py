"""A first name, or a word that sounds like a painter, is no style that there is not."""

from __future__ import annotations

import pytest

from mailbot.intents.command_types import Paint
from styles.errors import UnknownStyle
from tests.fakes.mailbot.asks import paint_of, read, request_of


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


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("I'm Turner and I want the wave", "great-wave"),
        ("Hello, my name is Turner, the wave please", "great-wave"),
        ("Mein Name ist Munch und ich möchte die Welle", "great-wave"),
        ("Je m'appelle Léger et je voudrais la nuit étoilée", "starry-night"),
        ("me llamo Turner y quiero la ola", "great-wave"),
        ("mi chiamo Turner e vorrei l'urlo", "the-scream"),
        ("me chamo Turner e quero a onda", "great-wave"),
        ("我叫马蒂斯,想要星空", "starry-night"),
        ("Turnerです、叫びで", "the-scream"),
        ("I'm Turner", "shipwreck-of-the-minotaur"),
        ("I'm thinking Turner", "shipwreck-of-the-minotaur"),
    ],
)
def test_the_name_of_its_writer_is_no_style_beside_another_one(text: str, style: str) -> None:
    assert [job.style for job in paint_of(text).jobs] == [style]
