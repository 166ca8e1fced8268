from __future__ import annotations

import pytest

from mailbot.intents.learning.picture_sides import painting_side, swap_in


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
        ("The second picture was nicer than the painting", None),
        ("I love how the second one came out, like a real painting", None),
        ("The second painting is lovely", None),
        ("Das zweite Bild ist schöner als das Gemälde", None),
        ("La deuxième est plus belle que le tableau", None),
        ("La segunda es más bonita que el cuadro", None),
        ("La seconda è più bella del quadro", None),
        ("A segunda é mais bonita que o quadro", None),
        ("第二张比画更好看", None),
        ("2枚目は絵より素敵です", None),
    ],
)
def test_the_number_of_the_painting_is_read_in_all_languages(text: str, number: int | None) -> None:
    assert painting_side(text) == number


SWAPS = """
Oops, wrong way around, sorry
You have them backwards
It should be the other way
Please exchange photo and painting
No, the photo is the second picture
I'm afraid you've got photo and painting mixed up
The painting is picture 2!
Swap photo and painting please
Sorry, I mean the second one is the painting
No no, the first is my dog, the second is the canvas
Du hast Foto und Gemälde vertauscht
Bitte Foto und Gemälde tauschen
Nein, das Gemälde ist das zweite Bild
Falsch rum!
Sorry, andersrum
Das erste ist doch das Foto!
Tu as inversé la photo et le tableau
Il faut les échanger
Non, la photo c'est la première
C'est dans l'autre sens
À l'inverse, s'il te plaît
Vous vous êtes trompé, c'est le contraire
No, es justo al revés
Intercambia la foto y el cuadro
El cuadro es la segunda imagen
Perdona, es al contrario
Has confundido la foto con el cuadro
No, è l'esatto contrario
Hai scambiato la foto e il quadro
Scambia foto e quadro
Il quadro è la seconda immagine
Scusa, al contrario!
Não, é exatamente o contrário
Você trocou a foto e o quadro
Troque a foto e o quadro
O quadro é a segunda imagem
Desculpe, é ao contrário
不对，反了
你把照片和画弄反了
请把照片和画对调
第二张才是画
搞反了吧
应该反过来
すみません、逆でした
写真と絵が逆です
写真と絵を入れ替えてください
絵は2枚目です
逆ですよ
反対になっています
"""


@pytest.mark.parametrize("text", SWAPS.strip().splitlines())
def test_a_wish_to_change_places_is_read_in_ordinary_words(text: str) -> None:
    assert swap_in([text])


@pytest.mark.parametrize(
    "text",
    [
        "Don't swap them!",
        "The photo and the painting are lovely",
        "Can you paint my other dog?",
        "Should I exchange photo and painting?",
        "Nicht vertauschen bitte, das Foto ist toll",
        "Ich mag das Gemälde",
        "不要对调照片和画",
        "Thanks! I hung it the other way round by mistake, sorry for the bad light",
        "Das Bild hängt im Rahmen falsch herum",
    ],
)
def test_other_replies_change_no_places(text: str) -> None:
    assert swap_in([text]) is None
