"""Blends whose shares a mail says among much else."""

from __future__ import annotations

import pytest

from tests.fakes.mailbot.asks import paint_of


@pytest.mark.parametrize(
    "text",
    [
        "The committee argued for hours. It ended: sixty percent Great Wave and forty percent The Scream.",
        "Mein Mann sagt Welle, ich sage Schrei. Also: große Welle zu 60, Schrei zu 40, alles in einem Bild.",
        "Ma fille a résolu : trois cinquièmes de Grande Vague et deux cinquièmes du Cri, fondus ensemble.",
        "Un socio propuso mezclarlos: sesenta de La gran ola, cuarenta de El grito, y nadie contento.",
        "Sessanta parti di Grande Onda e quaranta di L'urlo. È la locandina di una serata.",
        "A minha dama resolveu: três quintos da Grande Onda e dois quintos do Grito, na mesma pintura.",
        "教练说掺一块儿,巨浪六成、呐喊四成,谁再啰嗦谁替补。",
        "嫁は神奈川沖浪裏がええ言うし、娘は叫びがええ言う。浪裏が六割、叫びが四割。割り勘と同じや。",
    ],
)
def test_shares_beside_their_styles_are_a_wish(text: str) -> None:
    (job,) = paint_of(text).jobs
    assert job.style == "great-wave:0.6,the-scream:0.4"
    assert job.options.strength == 1.0


@pytest.mark.parametrize(
    "text",
    [
        "My husband says Hokusai, I say Munch. So: half and half, mixed in one picture.",
        "Mio marito dice Hokusai, io dico Munch. Quindi: metà e metà, mischiati in un quadro solo.",
        "他坚持北斋的大浪,我坚持蒙克的呐喊。一半一半,融在同一张画里。",
    ],
)
def test_the_shares_of_two_styles_may_stand_in_another_sentence(text: str) -> None:
    (job,) = paint_of(text).jobs
    assert job.style == "great-wave:0.5,the-scream:0.5"
    assert job.options.strength == 1.0


def test_percents_that_make_no_whole_are_no_shares() -> None:
    assert (
        ","
        not in paint_of("The Great Wave got 40 percent of the votes, The Scream 30. So the wave.")
        .jobs[0]
        .style
    )


def test_a_half_of_both_styles_is_a_share_and_no_strength() -> None:
    (job,) = paint_of(
        "Nos conocimos mitad dentro del bar, mitad en la puerta. Por eso le pido una mezcla al cincuenta por "
        "ciento del Café nocturno y la Noche estrellada."
    ).jobs
    assert job.style == "night-cafe:0.5,starry-night:0.5"
    assert job.options.strength == 1.0
