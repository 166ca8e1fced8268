"""Names are found where a number is written to them, and where their article is another one."""

from __future__ import annotations

import pytest

from tests.fakes.mailbot.asks import paint_of


@pytest.mark.parametrize(
    ("text", "style", "strength"),
    [("starrynight50", "starry-night", 0.5), ("wave60", "great-wave", 0.6), ("Schrei75", "the-scream", 0.75)],
)
def test_a_number_behind_a_name_is_its_strength(text: str, style: str, strength: float) -> None:
    paint = paint_of(text)
    assert [(job.style, job.options.strength) for job in paint.jobs] == [(style, strength)]
    assert paint.not_understood == ()


@pytest.mark.parametrize(
    "text", ["mitad ola, mitad grito", "metà onda, metà urlo", "metade onda, metade grito"]
)
def test_a_share_makes_a_noun_a_name(text: str) -> None:
    assert [job.style for job in paint_of(text).jobs] == ["great-wave:0.5,the-scream:0.5"]


@pytest.mark.parametrize("text", ["pegó un grito fuerte", "una ola enorme nos mojó", "ha lanciato un urlo"])
def test_a_noun_of_a_tale_is_none(text: str) -> None:
    assert paint_of(text).chosen == "default"


@pytest.mark.parametrize("text", ["en estilo ola", "quítale el fondo y ponlo en estilo ola"])
def test_a_bare_noun_behind_a_style_is_its_name(text: str) -> None:
    assert [job.style for job in paint_of(text).jobs] == ["great-wave"]


@pytest.mark.parametrize(
    "text",
    [
        "starry night by tomorrow",
        "Sternennacht bis Freitag",
        "la nuit étoilée avant vendredi",
        "la noche estrellada para el viernes",
        "notte stellata entro venerdì",
        "noite estrelada até sexta",
        "星空，周五之前要",
        "星月夜、金曜日までに",
    ],
)
def test_a_day_by_which_it_is_wanted_says_nothing(text: str) -> None:
    paint = paint_of(text)
    assert [job.style for job in paint.jobs] == ["starry-night"]
    assert paint.not_understood == ()


@pytest.mark.parametrize(
    ("text", "strength", "size"),
    [
        ("Das ist unser Max, bitte Welle, dezent", 0.5, 1024),
        ("C'est Max, la vague, doucement", 0.5, 1024),
        ("My dog Tiny as the wave please", 1, 1024),
        ("Wave please, at Max, tiny", 1, 512),
        ("Tiny wave please", 1, 512),
    ],
)
def test_a_name_that_is_a_word_for_an_option_sets_none(text: str, strength: float, size: int) -> None:
    (job,) = paint_of(text).jobs
    assert (job.options.strength, job.options.size) == (strength, size)
