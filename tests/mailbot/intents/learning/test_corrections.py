from __future__ import annotations

import pytest

from mailbot.intents.learning.corrections import is_correction, is_further


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
