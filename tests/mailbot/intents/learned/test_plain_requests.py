"""In a short mail a request for any painting does not make a wish of what another sentence mentions."""

from __future__ import annotations

import pytest

from mailbot.intents.command_types import Paint
from tests.fakes.mailbot.asks import read, request_of


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Scream if you love nanna", "Nan on the waltzers. Just turn it into a painting, cheers"),
        ("Munch time", "Baby's first solids. Please paint him."),
        ("Straw hat, size 7", "He put it straight on. Please paint."),
        ("Wir im Nachtcafé", "So heißt die Kneipe unten im Haus. Macht was Schönes draus."),
        ("Schrei vor Freude", "Bestanden! Malt uns bitte."),
        ("Cri du cœur", "Ma fille sur scène. Une peinture s'il vous plaît."),
        ("", "On est allés voir l'expo Munch, puis on a mangé des gaufres. Peignez les gaufres !"),
        ("A gritos", "Mi abuela cantando el gol. Píntala como te salga."),
        ("Un café con leche y mi hermana la dormida", "píntalo y ya"),
        ("Urlo di gioia", "Promossa! Foto davanti alla scuola. Un dipinto per i nonni, grazie."),
        ("Naufragio in piscina", "Il materassino ha ceduto. Trasformatela in quadro."),
        ("Onda de frio", "O gato dentro do forno (desligado). Pinta aí."),
        ("", "O grito da torcida ainda tá no meu ouvido. Quero a foto num quadro."),
        ("呐喊助威", "校运会,我们班拿了第一。请把照片变成画,怎么都行。"),
        ("叫びすぎて声が出ない", "甲子園の応援です。絵にしてくれたら部室に貼ります。"),
    ],
)
def test_a_mention_beside_a_request_is_none(subject: str, text: str) -> None:
    assert _paint(subject, text).chosen == "default"


@pytest.mark.parametrize(
    ("subject", "text", "style"),
    [
        ("", "I love Turner. Could you paint our boat?", "shipwreck-of-the-minotaur"),
        ("Kandinsky", "Please paint the dog.", "composition-vii"),
        ("Der Schrei", "Mein Bruder beim Zahnarzt. Malt ihn!", "the-scream"),
        ("", "Ma mère adore Matisse. Pouvez-vous la peindre ?", "woman-with-a-hat"),
        ("Noche estrellada", "Nuestro camping. Conviértanlo en pintura.", "starry-night"),
        ("L'urlo", "Mio cognato con la bolletta. Ne vorrei un quadro.", "the-scream"),
        ("A grande onda", "Meu filho no surfe. Pinta ele, por favor.", "great-wave"),
        ("蒙德里安", "新装修的厨房。想要一幅画。", "tableau-2"),
        ("", "母はマティスが好きです。描いてもらえますか。", "woman-with-a-hat"),
        ("", "one in scream at 60%. Paint it.", "the-scream"),
        ("", "Please no expressionism. Something calmer, maybe Hokusai", "great-wave"),
    ],
)
def test_a_title_or_a_liked_painter_beside_a_request_is_meant(subject: str, text: str, style: str) -> None:
    assert _paint(subject, text).jobs[0].style == style


def _paint(subject: str, text: str) -> Paint:
    paint = read(request_of({"subject": subject, "text": text, "photos": 1}))
    assert isinstance(paint, Paint)
    return paint
