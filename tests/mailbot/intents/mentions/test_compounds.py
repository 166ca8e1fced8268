"""A style's word within a longer one, and the name of a place or a club, ask for nothing."""

from __future__ import annotations

import pytest

from mailbot.intents.command_types import Paint
from tests.fakes.mailbot.asks import paint_of, read, request_of


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Heat wave, day six. The dog has given up.", ""),
        ("Day two of the cold wave", "The pipes froze but the dog loves it."),
        ("寒波で犬がこたつから出てきません", ""),
        ("", "電波が届かない山小屋で撮りました。絵にしてもらえますか。"),
        ("", "第一波疫情的时候拍的,爷爷在阳台上种菜。"),
    ],
)
def test_a_part_of_a_word_is_no_request(subject: str, text: str) -> None:
    assert _chosen(subject, text) == "default"


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Turner Street", "The bins, again. Paint them as they are."),
        ("", "Photo of the Night Café volunteers, left to right: Yusuf, Marion, Big Pete."),
        ("Bild vom Nachtcafé-Team im Hospiz St. Martin", "Bitte malen, wie es kommt."),
        ("Hotel Welle", "Unser Zimmer, dritter Stock. Malt den Balkon."),
        ("", "C'est la rue Matisse, la nôtre, sous la neige. Peignez-la comme d'habitude."),
        ("Médiathèque Kandinsky", "Le concert de samedi. Peignez la chorale."),
        ("Playa La Ola", "Hotel Playa La Ola, Máncora, febrero. Tres fotos de la piscina."),
        ("Peluquería Mondrian", "Cierra el viernes. Píntala con doña Meche en la puerta."),
        ("Via Mondrian 12", "Ecco la casa nuova, ancora senza tende. Ci piacerebbe dipinta."),
        ("Trio Kandinsky", "Noi tre dopo il concerto, con la pizza. Dipingeteci."),
        ("Bar Noite Estrelada", "Roda de samba toda quinta. Uma pintura da galera pro balcão."),
        ("Banda Kandinsky", "Último ensaio antes do festival. Nos transforma em pintura?"),
        ("", "我们在蒙德里安幼儿园毕业啦!合影一张,请画出来。"),
        ("沉船咖啡馆", "厦门那家,我们在那儿求婚的。想要一幅画。"),
        ("透纳路", "新家门口,刚贴完春联。画下来。"),
        ("喫茶「星月夜」", "昨日で閉店でした。マスターの写真を絵にしてください。"),
        ("", "北斎通りの焼き鳥屋です。常連みんなで撮りました。絵をお願いします。"),
    ],
)
def test_the_name_of_a_place_is_no_request(subject: str, text: str) -> None:
    assert _chosen(subject, text) == "default"


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("our pub, the night café please", "night-cafe"),
        ("Our street as a Matisse, please", "woman-with-a-hat"),
        ("Das Hotel als Mondrian bitte", "tableau-2"),
        ("Notre rue façon Matisse", "woman-with-a-hat"),
        ("El bar como El grito, por favor", "the-scream"),
        ("La nostra cucina come Mondrian, grazie", "tableau-2"),
        ("A nossa rua como A Grande Onda", "great-wave"),
        ("把餐厅画成星月夜", "starry-night"),
        ("喫茶店を北斎風に描いてください", "great-wave"),
        ("波でお願いします", "great-wave"),
    ],
)
def test_a_place_in_a_style_is_a_request(text: str, style: str) -> None:
    assert paint_of(text).jobs[0].style == style


def _chosen(subject: str, text: str) -> str:
    paint = read(request_of({"subject": subject, "text": text, "photos": 1}))
    assert isinstance(paint, Paint)
    return paint.chosen
