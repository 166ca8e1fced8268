"""Of several photos some have options of their own."""

from __future__ import annotations

import pytest

from tests.fakes.mailbot.asks import paint_of


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        ("Udnie please. Could the first one be bigger?", [2048, 1024]),
        ("udnie, but the last one small please", [1024, 512]),
        ("first one udnie small, the other one udnie", [512, 1024]),
        ("udnie, the first one small and the rest big", [512, 2048]),
        ("beide wie Udnie, das zweite bitte kleiner", [1024, 512]),
        ("udnie pour les deux, la première en grand", [2048, 1024]),
        ("两张都用乌德尼,第二张大一点", [1024, 2048]),
        ("ウドニーで、二枚目は大きめで", [1024, 2048]),
        ("both udnie, big", [2048, 2048]),
    ],
)
def test_a_size_is_that_of_the_photo_that_is_named(text: str, sizes: list[int]) -> None:
    paint = paint_of(text, photos=2)
    assert [(job.style, job.options.size) for job in paint.jobs] == [("udnie", size) for size in sizes]
    assert paint.photos == (0, 1)


def test_colours_and_strengths_are_those_of_the_photo_too() -> None:
    paint = paint_of("udnie. keep the colours on the second one, and the first at 40%", photos=2)
    assert [(job.options.strength, job.options.keep_colors) for job in paint.jobs] == [
        (0.4, False),
        (1, True),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "starry night for both but the first one at 50%",
        "starry night for both, but the first at 50%",
        "Sternennacht für beide, aber das erste mit 50%",
        "两张都用星夜，但第一张50%",
    ],
)
def test_both_but_one_at_a_strength_leaves_no_photo_out(text: str) -> None:
    paint = paint_of(text, photos=2)
    assert [job.options.strength for job in paint.jobs] == [0.5, 1.0]


def test_of_one_photo_an_option_is_for_the_painting() -> None:
    assert paint_of("udnie, the first one bigger").jobs[0].options.size == 2048
