from __future__ import annotations

import pytest

from mailbot.intents.learning.picture_sides import painting_side


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("the second one is the photo", 0),
        ("The first is the painting", 0),
        ("The first one is the painting, not the photo", 0),
        ("The painting is the second one", 1),
        ("Das zweite ist das Foto", 0),
        ("Das erste ist nicht das Gemälde", 1),
        ("La première, c'est la photo", 1),
        ("la segunda es el cuadro", 1),
        ("La prima è la foto", 1),
        ("a segunda é o quadro", 1),
        ("第一张才是画", 0),
        ("2枚目が写真です", 0),
        ("the other way round", None),
        ("Which one is the painting, the first?", None),
        ("My first painting was the photo of a dog", None),
    ],
)
def test_the_number_of_the_painting_is_read_in_all_languages(text: str, number: int | None) -> None:
    assert painting_side(text) == number
