"""Each photo gets the style that its own sentence gives it."""

from __future__ import annotations

import pytest

from mailbot.intents.command_types import Paint
from tests.fakes.mailbot.asks import paint_of


def _painted(paint: Paint) -> list[str]:
    return [job.style for job in paint.jobs]


@pytest.mark.parametrize(
    ("text", "styles"),
    [
        (
            "For the cliffs I'd like the Turner. The cake should be Udnie.",
            ["shipwreck-of-the-minotaur", "udnie"],
        ),
        (
            "Per gli scogli vorrei il Turner. La torta la vorrei come Udnie.",
            ["shipwreck-of-the-minotaur", "udnie"],
        ),
        ("Das erste (unser 2:1) wie Léger, das zweite als Hokusai", ["contrast-of-forms", "great-wave"]),
        (
            "1点目はレジェでお願いします。2点目はモンドリアンでお願いします。",
            ["contrast-of-forms", "tableau-2"],
        ),
    ],
)
def test_two_sentences_give_two_photos_their_styles(text: str, styles: list[str]) -> None:
    assert _painted(paint_of(text, photos=2)) == styles


def test_two_wishes_that_name_no_thing_are_not_shared_out() -> None:
    assert len(set(_painted(paint_of("I love the scream. I also love the great wave.", photos=2)))) == 1


def test_numbers_behind_a_photo_can_be_joined() -> None:
    paint = paint_of("Foto 1 und 3 wie Mondrian, das zweite in Matisse", photos=3)
    assert _painted(paint) == ["tableau-2", "woman-with-a-hat", "tableau-2"]


def test_photos_that_came_along_by_mistake_are_left_out() -> None:
    text = "The first and the last just came along, please ignore those. The middle one in udnie."
    paint = paint_of(text, photos=3)
    assert (_painted(paint), paint.photos) == (["udnie"], (1,))


def test_a_mix_may_name_its_styles_again() -> None:
    text = "Dave wants the scream and Kev wants starry night so do a mix, 70% scream and 30% starry night"
    assert _painted(paint_of(text)) == ["the-scream:0.7,starry-night:0.3"]


def test_a_number_of_pixels_may_be_chinese() -> None:
    (job,) = paint_of("乌德妮，两千四百像素").jobs
    assert job.options.size == 2400
