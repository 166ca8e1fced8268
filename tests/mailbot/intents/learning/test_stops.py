from __future__ import annotations

import pytest

from mailbot.intents.learning_intents import LearningAim, read
from tests.fakes.mailbot.parsing.asking import asks

STOPS = """
Hold on - don't do it
No thanks, leave it
I took the wrong photo
Oh no, wrong picture!
I sent it by mistake
Warte - mach das bitte nicht
Nein danke, lass es
Ich habe das falsche Foto genommen
Attends, ne le fais pas
Non merci, laisse
J'ai pris la mauvaise photo
Espera, no lo hagas
No gracias, déjalo
Me equivoqué de foto
Aspetta, non farlo
No grazie, lascia stare
Ho preso la foto sbagliata
Espera, não faça isso
Não, obrigado, deixa
Peguei a foto errada
等等，先别做
不用了，谢谢
我拿错照片了
待って、やらないで
いいえ、結構です
写真を間違えました
STOP. Ann
Could you please stop?
Please stop, that's enough
I'd like to stop it
I changed my mind
Sorry, I've changed my mind.
I don't want it any more
On second thoughts, leave it
Halt!
Ich habe es mir anders überlegt
Ich will es nicht mehr
Ich möchte abbrechen
Bitte sofort abbrechen
Nein, lass gut sein
Non, arrête finalement
Je n'en veux plus
J'ai changé d'avis
Je voudrais annuler
Finalement non
Ya no lo quiero
He cambiado de idea
Quiero cancelar
No, mejor para
non lo voglio più
Ho cambiato idea
Vorrei fermare tutto
Alla fine no
Já não quero
Mudei de ideia
Pode parar, por favor?
Afinal não
我不想要了
我改变主意了
我想取消
请停下来
やっぱりやめてください
気が変わりました
もういいです
すみません、やっぱりキャンセルで
ok stop this please
Please cancel the whole thing
Stop, I don't like it
Forget the whole thing
I've decided against it
Don't paint it after all
No thanks, stop there
Let's drop it
Bitte stoppen
Brich das bitte ab
Ich hab's mir doch anders überlegt
Vergiss das Ganze
Bitte nicht weitermachen
Lass es lieber
On arrête tout
Arrête tout de suite !
Laisse tomber finalement
Annule s'il te plaît
Oublie, merci
Para ya
Cancélalo por favor
Déjalo, gracias
Mejor cancela todo
Ya no hace falta, gracias
Fermati subito
Annulla tutto per favore
Lascia stare, grazie
Non serve più
Interrompi pure
Pare já
Pode cancelar
Esquece isso, obrigada
Já não é preciso
Deixa para lá, obrigado
快停下
不用画了
取消吧
我不想要了，谢谢
还是停止吧
先停一下
停止してください
キャンセルをお願いします
もう結構です
やっぱりやめます
中断してください
中止をお願いします
"""


@pytest.mark.parametrize("text", STOPS.strip().splitlines())
def test_a_wish_to_stop_is_read_in_ordinary_words(text: str) -> None:
    intent = read(asks("Re: x", text, photos=0, References="<a@b>"))
    assert intent is not None
    assert intent.wanted in (LearningAim.HALT, LearningAim.CANCEL)


@pytest.mark.parametrize(
    "text",
    [
        "It is not the wrong photo",
        "What is wrong with the photo?",
        "Did I send the wrong photo?",
        "The colours look wrong in the picture",
        "Leave the colours as they are",
        "Please don't rush, take your time",
        "Don't forget the frame",
        "Wait for me",
        "I don't want it in blue",
        "Ich will es nicht mehr so dunkel",
        "I changed my mind, in mosaic please",
        "気が変わりました、モザイクでお願いします",
        "I can't stop looking at it!",
        "We can't stop",
        "You couldn't stop now!",
        "Stop by and see the painting sometime",
        "Well, we stop here for today. Thanks!",
        "It is the wrong painting of hers I love",
        "The colours of the picture are wrong",
        "Wir machen Schluss für heute",
        "On arrête pour aujourd'hui",
        "Basta por hoy",
        "Basta per oggi",
        "Chega por hoje",
        "今天先停在这里",
        "今日はここでやめます",
        "Die Farben im Bild sind falsch",
        "L'image a de mauvaises couleurs",
        "Los colores de la imagen están equivocados",
        "I colori della foto sono sbagliati",
        "As cores da foto estão erradas",
        "图片的颜色错了",
        "写真の色が間違っています",
    ],
)
def test_other_words_stop_nothing(text: str) -> None:
    assert read(asks("Re: x", text, photos=0, References="<a@b>")) is None


@pytest.mark.parametrize(
    "text",
    [
        "please don't stop",
        "No, don't stop it!",
        "Never cancel this, I love it",
        "Bitte nicht aufhören",
        "Nicht abbrechen!",
        "N'arrête pas !",
        "Ne l'annule pas",
        "Non annullare",
        "Não pare",
        "不要停",
        "别停下来",
        "请不要取消",
        "请不要再停",
        "やめないでください",
        "キャンセルしないで",
    ],
)
def test_a_wish_to_go_on_stops_nothing(text: str) -> None:
    intent = read(asks("Re: x", text, photos=0, References="<a@b>"))
    assert intent is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("I changed my mind, call it Blue Hills", LearningAim.RENAME),
        ("Never mind, call it Blue Hills", LearningAim.RENAME),
        ("I don't want it any more, please delete it", LearningAim.RETIRE),
        ("Stop, the second one is the painting", LearningAim.SWAP),
    ],
)
def test_a_wish_beside_a_stop_is_what_is_meant(text: str, wanted: LearningAim) -> None:
    intent = read(asks("Re: x", text, photos=0, References="<a@b>"))
    assert intent is not None
    assert intent.wanted is wanted


def test_a_mere_stop_is_read_beside_a_picture_too() -> None:
    intent = read(asks("Re: x", "Stop!\n\nAnn", photos=1, References="<a@b>"))
    assert intent is not None
    assert intent.wanted is LearningAim.HALT
    assert read(asks("Re: x", "Stop by!", photos=1, References="<a@b>")) is None
    assert read(asks("Re: x", "Stop at the garden", photos=1, References="<a@b>")) is None


@pytest.mark.parametrize(
    "text",
    [
        *("Leave it as it is", "Leave it like this!", "No thanks, leave it as it is", "Ich lass es so"),
        *("Lass es so", "So lassen bitte", "Laisse comme ça", "Non, laisse comme c'est", "Laissez-le ainsi"),
        *("Déjalo así", "Déjalo como está", "Lascialo così", "Lascia così com'è", "Deixa assim"),
        *("Deixe como está, obrigada", "就这样吧", "这样就好", "これでいいです。", "これで結構です"),
        *("これで結構です、ありがとう", "このままでいいです", "それでいいです"),
    ],
)
def test_content_with_a_painting_as_it_is_stops_nothing_unasked(text: str) -> None:
    intent = read(asks("Re: learn: my garden", text, photos=0, References="<a@b>"))
    assert intent is None or not intent.is_clear


@pytest.mark.parametrize(
    "text",
    [
        "Leave it",
        "Lass es",
        "Laisse tomber",
        "Déjalo, por favor",
        "Lascia perdere",
        "Deixa",
        "算了",
        "やめてください",
    ],
)
def test_without_such_words_it_is_a_plain_stop(text: str) -> None:
    intent = read(asks("Re: learn: my garden", text, photos=0, References="<a@b>"))
    assert intent is not None
    assert intent.is_clear
    assert intent.wanted in (LearningAim.HALT, LearningAim.CANCEL)
