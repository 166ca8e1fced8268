"""Some photos of a mail are not to be painted, and the answer says which."""

from __future__ import annotations

import pytest

from mailbot.languages.translator import translator
from mailbot.replies.style_wording import about_choice
from tests.fakes.mailbot.asks import paint_of


@pytest.mark.parametrize(
    ("text", "photos", "painted"),
    [
        ("just the first one please, in starry night", 2, (0,)),
        ("Starry night please. Only the second photo.", 2, (1,)),
        ("two pics attached. Ignore the second, it was an accident. Starry night for the other", 2, (0,)),
        ("Das zweite Foto bitte ignorieren. Das andere als Sternennacht.", 2, (0,)),
        ("pas besoin de la première, la deuxième en nuit étoilée", 2, (1,)),
        ("la primera sobra, la segunda en noche estrellada", 2, (1,)),
        ("la prima non serve, la seconda in notte stellata", 2, (1,)),
        ("第二张不用画,另一张用星空", 2, (0,)),
        ("二枚目は無視してください。もう一枚を星月夜で", 2, (0,)),
        ("starry night for the last one", 3, (2,)),
        ("starry night. Ignore the first photo. Ignore the second photo.", 2, (0, 1)),
        ("starry night, ignore the third photo", 2, (0, 1)),
        ("starry night, all of them", 3, (0, 1, 2)),
        ("The second one in starry night. Ignore the others.", 3, (1,)),
        ("Seule la deuxième m'intéresse, en nuit étoilée. Ne tenez pas compte des autres.", 3, (1,)),
    ],
)
def test_only_the_photos_that_are_meant_are_painted(text: str, photos: int, painted: tuple[int, ...]) -> None:
    paint = paint_of(text, photos)
    assert paint.photos == painted
    assert paint.left_out == tuple(f"{number}.jpg" for number in range(photos) if number not in painted)


def test_the_answer_says_which_are_left_out() -> None:
    said = about_choice(translator("en"), "named", left_out=("IMG_2.jpg", "IMG_3.jpg"))
    assert said == "I left out “IMG_2.jpg” and “IMG_3.jpg”, since you asked for others."


@pytest.mark.parametrize(
    "text", ["the dog in udnie and the cat in mondrian", "dog -> udnie, cat -> mondrian"]
)
def test_the_answer_says_that_photos_were_taken_in_their_order(text: str) -> None:
    paint = paint_of(text, 2)
    assert [job.style for job in paint.jobs] == ["udnie", "tableau-2"]
    assert paint.is_order_guessed
    said = about_choice(translator("en"), "named", is_order_guessed=True)
    assert said == "I took your photos in their order."
