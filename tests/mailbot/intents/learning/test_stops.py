from __future__ import annotations

import pytest

from mailbot.intents.learning_intents import LearningAim, read
from tests.fakes.mailbot.parsing.asking import asks

STOPS = """
Hold on - don't do it
No thanks, leave it
I took the wrong photo
Oh no, wrong picture!
I sent it by mistake
Warte - mach das bitte nicht
Nein danke, lass es
Ich habe das falsche Foto genommen
Attends, ne le fais pas
Non merci, laisse
J'ai pris la mauvaise photo
Espera, no lo hagas
No gracias, déjalo
Me equivoqué de foto
Aspetta, non farlo
No grazie, lascia stare
Ho preso la foto sbagliata
Espera, não faça isso
Não, obrigado, deixa
Peguei a foto errada
等等，先别做
不用了，谢谢
我拿错照片了
待って、やらないで
いいえ、結構です
写真を間違えました
"""


@pytest.mark.parametrize("text", STOPS.strip().splitlines())
def test_a_wish_to_stop_is_read_in_ordinary_words(text: str) -> None:
    intent = read(asks("Re: x", text, photos=0, References="<a@b>"))
    assert intent is not None
    assert intent.wanted in (LearningAim.HALT, LearningAim.CANCEL)


@pytest.mark.parametrize(
    "text",
    [
        "It is not the wrong photo",
        "What is wrong with the photo?",
        "Did I send the wrong photo?",
        "The colours look wrong in the picture",
        "Leave the colours as they are",
        "Please don't rush, take your time",
        "Don't forget the frame",
        "Wait for me",
    ],
)
def test_other_words_stop_nothing(text: str) -> None:
    assert read(asks("Re: x", text, photos=0, References="<a@b>")) is None


@pytest.mark.parametrize(
    "text",
    [
        "please don't stop",
        "No, don't stop it!",
        "Never cancel this, I love it",
        "Bitte nicht aufhören",
        "Nicht abbrechen!",
        "N'arrête pas !",
        "Ne l'annule pas",
        "Non annullare",
        "Não pare",
        "不要停",
        "别停下来",
        "请不要取消",
    ],
)
def test_a_wish_to_go_on_stops_nothing(text: str) -> None:
    intent = read(asks("Re: x", text, photos=0, References="<a@b>"))
    assert intent is None or intent.wanted is not LearningAim.HALT
