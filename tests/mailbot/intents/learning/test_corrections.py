from __future__ import annotations

import re

import pytest

from mailbot.intents.learning.corrections import further_name, is_correction, is_further, is_retaken
from mailbot.intents.learning.painters.near_wishes import BETTER
from mailbot.languages.translator import translator
from styles.language.lexicon import LANGUAGES


@pytest.mark.parametrize(
    "text",
    [
        "Sorry, wrong photo, here is the right one",
        "Oops, I attached the wrong picture. This is the right one.",
        "I sent you the wrong painting by mistake, please take this one instead.",
        "Please use this picture instead of the other one.",
        "That was the wrong file. Here's the correct painting.",
        "Not that one, this one!",
        "I mixed up my files, this is the painting I meant.",
        "Here it is",
        "",
        "Entschuldigung, falsches Foto, hier ist das richtige.",
        "Ups, ich habe das falsche Bild angehängt. Das hier ist das richtige.",
        "Bitte nimm stattdessen dieses Bild.",
        "Das war leider die falsche Datei, anbei das richtige Gemälde.",
        "Ich meinte dieses hier.",
        "Désolé, mauvaise photo, voici la bonne.",
        "Oups, je me suis trompé d'image. Voici la bonne.",
        "Prends plutôt cette image, s'il te plaît.",
        "Ce n'était pas le bon fichier, voici le bon tableau.",
        "Perdón, foto equivocada, aquí está la correcta.",
        "Me equivoqué de imagen. Esta es la buena.",
        "Por favor usa esta imagen en lugar de la otra.",
        "Ese no era el cuadro correcto, es este.",
        "Scusa, foto sbagliata, ecco quella giusta.",
        "Ops, ho allegato l'immagine sbagliata. Questa è quella giusta.",
        "Per favore usa questa immagine al posto dell'altra.",
        "Desculpe, foto errada, aqui está a certa.",
        "Ops, anexei a imagem errada. Esta é a correta.",
        "Por favor use esta imagem em vez da outra.",
        "Enganei-me na foto, esta é a certa.",
        "对不起，发错照片了，这张才是对的。",
        "不好意思，刚才发错了，请用这张。",
        "上一张错了，这是正确的画。",
        "すみません、写真を間違えました。こちらが正しいものです。",
        "間違えて別の画像を送りました。こちらでお願いします。",
        "さっきのは違う絵でした。正しい絵はこれです。",
    ],
)
def test_the_right_picture_is_told_in_all_languages(text: str) -> None:
    assert is_correction(text)


@pytest.mark.parametrize(
    "text",
    [
        "Here is our dog.",
        "And my cat too please",
        "Das ist unser Hund",
        "How do you like it?",
        "Here is a photo",
        "这是我的猫",
        "これは犬の写真です",
    ],
)
def test_other_pictures_correct_nothing(text: str) -> None:
    assert not is_correction(text)


@pytest.mark.parametrize(
    "text",
    [
        "And learn this one as well please",
        "Here is another one to learn",
        "Noch eins zum Lernen",
        "Encore un tableau à apprendre",
        "Aquí va otro cuadro más para aprender",
        "Ecco un altro quadro da imparare",
        "Mais um quadro para aprender",
        "还有这一张也请学习",
        "もう一枚も学習してください",
    ],
)
def test_one_more_picture_is_no_correction(text: str) -> None:
    assert is_further(text)
    assert not is_correction(text)
    assert not is_further("Sorry, wrong one, here is another")
    assert not is_further("Here is another photo of the same painting, sharper")


@pytest.mark.parametrize(
    "text",
    [
        "Here is a better photo of the same painting, without the wall",
        "this photo of the canvas is sharper, please use it instead",
        "A better shot of it, without the glare",
        "I took it again in daylight, here is the same painting without reflections",
        "Here's a new scan of my watercolour, much clearer",
        "Ich habe das Gemälde noch einmal fotografiert, diesmal ohne Spiegelung",
        "Dieses Foto der Leinwand ist schärfer, bitte nimm es stattdessen",
        "Voici une meilleure photo du même tableau, sans le mur",
        "J'ai rephotographié le tableau en plein jour, sans reflets",
        "Aquí va una mejor foto del mismo cuadro, sin la pared",
        "Esta foto del lienzo es más nítida, úsala en su lugar",
        "Ecco una foto migliore dello stesso quadro, senza la parete",
        "Questa foto della tela è più nitida, usa questa per favore",
        "Aqui vai uma foto melhor do mesmo quadro, sem a parede",
        "Esta foto da tela está mais nítida, use esta no lugar da outra",
        "这是同一幅画更清晰的照片，没有墙",
        "同じ絵のもっと鮮明な写真です。壁は写っていません",
        "I borrowed a good camera and took it again, this one of the same painting is much sharper",
        "Could you use this sharper photo of the painting instead of the first one?",
        "Das Gemälde nochmal, bei Tageslicht fotografiert",
        "Voici une photo plus nette de mon tableau",
        "He vuelto a fotografiar mi cuadro, ahora sin reflejos",
        "Ho rifatto la foto del mio quadro alla luce del giorno",
        "Tirei outra foto do meu quadro, mais nítida",
        "我重新拍了这幅画，没有反光",
        "この絵を自然光で撮り直しました",
        "Hier ist das gleiche Gemälde in besserem Licht",
        "Voici le même tableau, plus net cette fois",
        "Aquí está el mismo cuadro con mejor luz",
        "Ecco lo stesso dipinto senza riflessi",
        "Aqui está o mesmo quadro com melhor luz",
        "同一张画，这次没有反光",
    ],
)
def test_a_better_photo_of_the_painting_is_told(text: str) -> None:
    assert is_retaken(text)


@pytest.mark.parametrize("code", LANGUAGES)
def test_what_an_answer_says_to_write_with_a_better_photo_is_told(code: str) -> None:
    (written,) = re.findall("[“„«「]([^“”„«»「」]+)[”“»」]", translator(code).gettext(BETTER))
    assert is_retaken(written.strip())


@pytest.mark.parametrize(
    "text",
    [
        "Here is a better photo of my dog",
        "This photo would look better as a painting",
        "A sharper one",
        "Could you paint this brighter?",
        "Hier ist ein besseres Foto von meinem Hund",
        "Voici une meilleure photo de mon chien",
        "Una foto mejor de mi hija",
        "Ecco una foto migliore del mio cane",
        "Another painting of mine, a better one",
        "我的狗，更清晰的照片",
        "Here is a better photo of my dog in front of the painting",
        "The colors are sharper in this painting of mine. Paint it please",
        "A better photo of me with my painting",
        "A sharper photo of the garden, like in my painting",
        "This photo is brighter than the painting",
        "Here is a better photo of the painting. Could you paint it like the first?",
        "Hier ist ein besseres Foto von meinem Hund vor dem Gemälde",
        "Ein besseres Foto von mir mit meinem Gemälde",
        "Die Farben sind in diesem Gemälde klarer. Male es bitte",
        "Voici une meilleure photo de mon chien devant le tableau",
        "Une meilleure photo de moi avec mon tableau",
        "Aquí va una mejor foto de mi perro delante del cuadro",
        "Una foto mejor de mí con mi cuadro",
        "Ecco una foto migliore del mio cane davanti al quadro",
        "Una foto migliore di me con il mio quadro",
        "Aqui vai uma foto melhor do meu cão em frente ao quadro",
        "Uma foto melhor de mim com o meu quadro",
        "这是我的狗在画前更清晰的照片",
        "我和我的画的更好的照片",
        "絵の前の犬のもっと鮮明な写真です",
        "私と絵のもっと良い写真です",
        "The same place as in my painting, in daylight",
        "Das ist der See von meinem Gemälde, bei Tageslicht",
        "Voici le jardin du tableau, en plein jour",
        "El jardín del cuadro, con luz natural",
        "Il giardino del quadro, alla luce del giorno",
        "O jardim do quadro, à luz do dia",
        "画里的花园，自然光",
    ],
)
def test_other_photos_are_no_better_ones_of_the_painting(text: str) -> None:
    assert not is_retaken(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Here is another one", ""),
        ("And another painting of mine: Barn", "Barn"),
        ("One more painting, called Barn", "Barn"),
        ("Hier ist noch eins: Scheune", "Scheune"),
        ("Und noch ein Gemälde von mir", ""),
        ("En voici un autre : Potager", "Potager"),
        ("Aquí va otro", ""),
        ("Eccone un altro: Orto", "Orto"),
        ("Aqui vai outro quadro", ""),
        ("还有一张：菜园", "菜园"),
        ("もう一つの絵です", ""),
        ("And another one of my dog", None),
        ("Another selfie", None),
        ("Paint this one too", None),
        ("noch eins, bitte malen", None),
        ("Voici une autre photo", None),
        ("还有一张照片", None),
        ("もう一枚の写真です", None),
        ("Also, when is it ready?", None),
        ("Another one: The Old Barn", "The Old Barn"),
        ("Another one: my garden", "my garden"),
        ("Another one: “Old Dog”", "Old Dog"),
        ("もう一枚：風の庭", "風の庭"),
        ("Another one: my dog", None),
        ("Another one: in watercolour", None),
        ("Another one: from our holiday", None),
        ("Noch eins: mein Hund", None),
        ("Noch eins: im Mosaik-Stil", None),
        ("En voici un autre : mon chien", None),
        ("Un autre : en mosaïque", None),
        ("Otro: mi perro", None),
        ("Otro: en mosaico", None),
        ("Un altro: il mio cane", None),
        ("Un altro: in mosaico", None),
        ("Outro: meu cachorro", None),
        ("Outro: em mosaico", None),
        ("还有一张：我的狗", None),
        ("还有一张：马赛克风格", None),
        ("もう一枚：うちの犬", None),
        ("もう一枚：モザイク風", None),
    ],
)
def test_one_more_painting_may_have_a_name(text: str, name: str | None) -> None:
    assert further_name(text) == name
