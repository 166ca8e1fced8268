"""The wish for one photo painted like one painting, in words of a teacher's own, with both pictures."""

from __future__ import annotations

import pytest

from mailbot.intents.learning_intents import LearningAim, read
from tests.fakes.mailbot.parsing.asking import asks


@pytest.mark.parametrize(
    "text",
    [
        "like this painting please",
        "Paint it like this painting",
        "Paint my photo like the painting",
        "please make the photo look like my painting",
        "Use the second as the style for the first",
        "Use the second picture as the style model for the first",
        "use the painting as the style for the photo",
        "in the style of the attached painting",
        "in the manner of the attached painting",
        "in the style of my attached painting please",
        "In the watercolour's manner",
        "in the style of the second picture",
        "in the style of this canvas",
        "paint the first in the style of the second",
        "wie dieses Gemälde bitte",
        "Male das Foto wie das Gemälde",
        "im Stil des angehängten Gemäldes bitte",
        "in der Art des Gemäldes im Anhang",
        "in der Manier des angehängten Aquarells",
        "Nimm das zweite Bild als Vorlage für das erste",
        "Benutze das zweite als Stil für das erste",
        "im Stil des zweiten Bildes",
        "comme ce tableau s'il te plaît",
        "dans le style du tableau joint",
        "à la manière du tableau ci-joint",
        "Utilise la seconde image comme modèle pour la première",
        "Prends la deuxième comme style pour la première",
        "peins la photo comme le tableau",
        "dans le style de la deuxième image",
        "como este cuadro por favor",
        "en el estilo del cuadro adjunto",
        "al estilo del cuadro que adjunto",
        "a la manera del cuadro adjunto",
        "Usa la segunda imagen como modelo",
        "Usa la segunda como estilo para la primera",
        "pinta la foto como el cuadro",
        "come questo quadro per favore",
        "nello stile del quadro allegato",
        "alla maniera del dipinto allegato",
        "Usa la seconda immagine come modello",
        "Usa la seconda come stile per la prima",
        "dipingi la foto come il quadro",
        "como este quadro por favor",
        "no estilo do quadro anexado",
        "no estilo da pintura em anexo",
        "à maneira do quadro anexo",
        "Use a segunda imagem como modelo",
        "Use a segunda como estilo para a primeira",
        "pinte a foto como o quadro",
        "像这幅画一样",
        "按照附上的画的风格画照片",
        "按附件里的画的风格来画",
        "用第二张的风格画第一张",
        "用第二张作为第一张的风格",
        "把照片画成附上的画的风格",
        "この絵のように描いてください",
        "添付の絵の画風で写真を描いて",
        "添付した絵のスタイルで描いてください",
        "2枚目のスタイルで1枚目を描いて",
        "2枚目をお手本にして1枚目を描いて",
        "添付の写真を、添付の絵のタッチで描いて",
    ],
)
def test_two_pictures_and_a_likeness_are_one_perfect_picture(text: str) -> None:
    intent = read(asks("", text, photos=2))
    assert intent is not None
    assert intent.wanted is LearningAim.EXACTLY


@pytest.mark.parametrize(
    "text",
    [
        "in the style of starry night please",
        "paint them like the great wave",
        "Both in mosaic please",
        "paint both like Van Gogh",
        "I love this painting, it is like the great wave",
        "my dog looks like the painting in our hall, the scream please",
        "Use the second photo, the first is blurred",
        "The second in mosaic, the first in udnie",
        "not like this painting, in mosaic",
        "wie das Gemälde von Van Gogh",
        "male beide im Stil von Monet",
        "como un cuadro",
        "like a painting",
        "wie ein Gemälde",
        "comme un tableau de Monet",
        "come un quadro",
        "como uma pintura",
        "像油画一样",
        "絵のように描いて",
        "as a painting",
        "paint these like a watercolour",
        "in the style of a watercolour",
        "Use mosaic for the first and udnie for the second",
        "dans le style de Monet",
        "al estilo del cuadro El grito",
        "梵高的风格",
        "按照星空的风格画",
        "ゴッホの絵のように描いて",
        "ゴッホの画風で描いて",
        "叫びの絵のスタイルで",
    ],
)
def test_another_likeness_paints_each_picture(text: str) -> None:
    assert read(asks("", text, photos=2)) is None


@pytest.mark.parametrize(
    ("text", "painting"),
    [
        ("Use the second as the style for the first", 1),
        ("Use the first picture as the model", 0),
        ("in the style of the second picture", 1),
        ("Nimm das zweite Bild als Vorlage für das erste", 1),
        ("Benutze das erste als Stil für das zweite", 0),
        ("Prends la deuxième comme style pour la première", 1),
        ("Usa la segunda imagen como modelo", 1),
        ("Usa la seconda immagine come modello", 1),
        ("Use a segunda como estilo para a primeira", 1),
        ("用第二张的风格画第一张", 1),
        ("用第二张作为第一张的风格", 1),
        ("2枚目のスタイルで1枚目を描いて", 1),
        ("2枚目をお手本にして1枚目を描いて", 1),
        ("like this painting please", None),
    ],
)
def test_the_model_of_the_other_picture_is_the_painting(text: str, painting: int | None) -> None:
    intent = read(asks("", text, photos=2))
    assert intent is not None
    assert (intent.wanted, intent.painting) == (LearningAim.EXACTLY, painting)
