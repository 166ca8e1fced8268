"""A number of styles without a name is chosen by the bot."""

from __future__ import annotations

import pytest

from mailbot.intents.command_types import Paint
from tests.fakes.mailbot.asks import paint_of, read, request_of


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("5 different styles please", 5),
        ("5 styles", 5),
        ("paint it in 3 styles", 3),
        ("zwei verschiedene Stile bitte", 2),
        ("drei zufällige Stile", 3),
        ("trois styles différents s'il vous plaît", 3),
        ("dos estilos distintos por favor", 2),
        ("tre stili diversi", 3),
        ("dois estilos diferentes", 2),
        ("三种不同风格", 3),
    ],
)
def test_a_number_of_styles_is_a_surprise_of_so_many(text: str, count: int) -> None:
    paint = paint_of(text)
    assert paint.chosen == "surprise"
    assert len({job.style for job in paint.jobs}) == len(paint.jobs) == count


def test_all_of_them_are_still_one_sheet() -> None:
    assert [job.sheet for job in paint_of("all 12 styles").jobs] == [True]


def test_an_italian_at_is_no_english_all() -> None:
    paint = read(request_of({"subject": "Notte stellata", "text": "All'80% per favore", "photos": 1}))
    assert isinstance(paint, Paint)
    assert [(job.style, job.options.strength) for job in paint.jobs] == [("starry-night", 0.8)]


@pytest.mark.parametrize(
    "text",
    [
        "Do it in your default style.",
        "Im Standardstil bitte",
        "je te laisse le style par défaut",
        "El estilo por defecto, por favor",
        "Va bene lo stile di default, grazie",
        "O estilo padrão, por favor",
        "默认风格就行",
        "標準のスタイルでお願いします",
    ],
)
def test_the_default_style_is_no_unknown_one(text: str) -> None:
    assert paint_of(text).chosen == "default"


@pytest.mark.parametrize(
    "text", ["compi, hazme la noche estrellada", "Es de mi compi, noche estrellada por favor"]
)
def test_a_mate_is_no_composition(text: str) -> None:
    assert [job.style for job in paint_of(text).jobs] == ["starry-night"]
