"""A number of styles without a name is chosen by the bot."""

from __future__ import annotations

import pytest

from tests.fakes.mailbot.asks import paint_of


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
