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
        ("First the photo, then the painting", 1),
        ("Picture 1 is the photo (picture 2 the painting)", 1),
        ("Paint the first one like the painting", 1),
        ("exactly like the first one", 0),
        ("Male das zweite genau wie das erste", 0),
        ("Peins la première comme le tableau", 1),
        ("Prends la deuxième comme tableau", 1),
        ("Usa la segunda como cuadro", 1),
        ("Pinta la primera como la segunda", 1),
        ("Dipingi la prima come la seconda", 1),
        ("Pinte a primeira como a segunda", 1),
        ("请把第一张画得和第二张一样", 1),
        ("请画第一张", None),
        ("1枚目を2枚目の絵のように描いて", 1),
        ("the other way round", None),
        ("Which one is the painting, the first?", None),
        ("My first painting was the photo of a dog", None),
    ],
)
def test_the_number_of_the_painting_is_read_in_all_languages(text: str, number: int | None) -> None:
    assert painting_side(text) == number
