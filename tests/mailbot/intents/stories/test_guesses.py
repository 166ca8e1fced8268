"""A painting that a mail describes, and by whom others say it is."""

from __future__ import annotations

import pytest

from tests.fakes.mailbot.asks import paint_of


@pytest.mark.parametrize(
    "text",
    [
        "There is a poster at my dentist's: an enormous blue sea with foam like fingers, three long boats "
        "underneath and a small snowy mountain. My hygienist thinks it's by Turner. Could you paint us "
        "like that?",
        "Beim Zahnarzt hängt so ein Bild: eine riesige Woge mit Krallen aus Schaum, drei Boote darunter "
        "und ganz hinten ein kleiner Berg mit Schnee. Die Helferin behauptet, das sei von Turner. Bitte "
        "malt uns so.",
        "Chez mon dentiste il y a une affiche : une énorme vague bleue avec de l'écume comme des griffes, "
        "trois barques et une petite montagne enneigée. L'assistante prétend que c'est de Turner. "
        "Peignez-nous comme ça.",
        "Es un cuadro con una ola enorme y espuma como garras, tres barcas debajo y un monte nevado al "
        "fondo. Mi hija dice que eso es de Turner, lo dice con toda seguridad. Querría nuestra foto igual "
        "que ese cuadro.",
    ],
)
def test_what_is_described_counts_before_what_others_guess(text: str) -> None:
    assert [job.style for job in paint_of(text).jobs] == ["great-wave"]


def test_a_wish_of_others_is_painted_where_nothing_is_described() -> None:
    text = (
        "My wife wants this one in the style of Turner please, she has been married to a fisherman for "
        "years now. It is the harbour on Sunday morning, as the boats came in."
    )
    assert [job.style for job in paint_of(text).jobs] == ["shipwreck-of-the-minotaur"]
