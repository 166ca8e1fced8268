"""Replies that find a picture too large, too weak or too dark, in eight languages."""

from __future__ import annotations

import pytest

from mailbot.intents.changes.complaints import complains
from mailbot.intents.changes.relative_changes import read_change
from mailbot.intents.names.catalogue import Catalogue
from tests.fakes.mailbot.mails import STYLES

CATALOGUE = Catalogue.of(STYLES)


@pytest.mark.parametrize(
    ("said", "step"),
    [
        *((text, 1) for text in ("a bit small", "it's tiny", "it came out rather small", "a little small")),
        *((text, 1) for text in ("ist zu klein", "das Bild ist etwas klein", "sieht sehr klein aus")),
        *((text, 1) for text in ("l'image est trop petite", "c'est un peu petit", "elle est très petite")),
        *((text, 1) for text in ("muy pequeño", "es muy pequeña", "quedó muy chica", "es un poco pequeño")),
        *((text, 1) for text in ("è troppo piccolo", "è molto piccola", "è venuta piccola", "è piccolo")),
        *((text, 1) for text in ("ficou muito pequeno", "ficou pequeno demais", "saiu um pouco pequena")),
        *((text, 1) for text in ("图太小了", "有点小", "小了点", "偏小")),
        *((text, 1) for text in ("小さい", "少し小さいです", "画像が小さすぎます", "ちょっと小さいかも")),
        *((text, -1) for text in ("it's a bit big", "ist mir zu groß", "c'est trop gros", "es muy grande")),
        *((text, -1) for text in ("è troppo grande", "ficou muito grande", "有点大", "大きいです")),
    ],
)
def test_a_complaint_of_the_size_asks_for_the_other_way(said: str, step: int) -> None:
    assert read_change(said, CATALOGUE).size == step


@pytest.mark.parametrize(
    ("said", "step"),
    [
        *((text, -0.5) for text in ("nice but a bit strong", "schön aber etwas stark", "un peu trop fort")),
        *((text, -0.5) for text in ("quedó un poco fuerte", "è un po' forte", "ficou um pouco forte")),
        *((text, -0.5) for text in ("效果有点重", "素敵ですが少し強すぎます", "少し強いです")),
        *((text, -1) for text in ("wirkt zu stark", "c'est très fort", "quedó demasiado fuerte")),
        *((text, -1) for text in ("è troppo intenso", "ficou forte demais", "ficou bem forte", "太浓了")),
        *((text, 1) for text in ("that's barely a change from the photo", "I can't see any difference")),
        *((text, 1) for text in ("man sieht kaum einen Unterschied", "kaum verändert", "mal mudou")),
        *((text, 1) for text in ("presque aucune différence", "casi no se nota la diferencia")),
        *((text, 1) for text in ("quasi nessuna differenza", "几乎没变化啊", "ほとんど変わってない")),
        *((text, 0.5) for text in ("a bit faint", "etwas blass", "un peu faible", "un po' tenue", "有点淡")),
    ],
)
def test_a_complaint_of_the_strength_asks_for_a_step_back(said: str, step: float) -> None:
    assert read_change(said, CATALOGUE).strength == step


def test_a_little_paler_in_chinese_is_an_order() -> None:
    assert read_change("稍微淡一点", CATALOGUE).strength < 0


@pytest.mark.parametrize(
    "said",
    [
        *("make it very small", "hazlo muy grande", "nicht zu klein", "lo quiero muy pequeño"),
        *("もっと大きい", "もう少し大きいサイズで", "小さいサイズで", "不要太大", "big enough"),
        *("send it small", "80 e grande", "e grande per favore"),
    ],
)
def test_an_order_or_a_refusal_is_no_complaint(said: str) -> None:
    assert read_change(said, CATALOGUE).size == 0


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        *((text, True) for text in ("too dark", "viel zu bunt", "trop sombre", "demasiado oscuro", "太暗了")),
        *((text, True) for text in ("troppo scuro", "ficou escuro demais", "暗すぎます", "a bit blurry")),
        *((text, False) for text in ("too kind", "zu Hause hängt es", "c'est trop beau", "lindo demais")),
        *((text, False) for text in ("troppo bello", "太好了", "かわいすぎる", "the kids love it too")),
        *((text, False) for text in ("not too dark", "nicht zu dunkel", "非常感谢，不太暗")),
    ],
)
def test_what_is_amiss_is_told_from_praise(said: str, expected: bool) -> None:
    assert complains(said) is expected


@pytest.mark.parametrize(
    "said",
    [
        *("not much difference, I love both", "Not much difference. I love both!", "no real change at work"),
        *(
            "hardly a difference from the original, wow so well done!",
            "can't see the difference between them",
        ),
        *("Man sieht kaum einen Unterschied zu einem echten, toll!", "kaum ein Unterschied, super schön"),
        *("à peine une différence avec un vrai tableau", "presque aucune différence, j'adore"),
        *("casi no hay diferencia con un cuadro de verdad", "casi ninguna diferencia, me encanta"),
        *("Quasi nessuna differenza da un vero quadro, bravissimi!", "quase nenhuma diferença, amei"),
        *("没什么区别,都好看", "和真的没什么区别,太棒了", "本物とほとんど変わらない、すごい！"),
    ],
)
def test_a_likeness_that_is_praised_or_is_to_another_thing_is_no_complaint(said: str) -> None:
    assert read_change(said, CATALOGUE).strength == 0


@pytest.mark.parametrize(
    "said",
    [
        *("nice but hardly any difference", "not great, hardly any difference", "hardly changed, sorry"),
        *("hardly changed compared to before", "Schön, aber kaum ein Unterschied zum Foto"),
        *("à peine une différence avec la photo d'origine", "apenas hay diferencia con la foto original"),
        *("quasi nessuna differenza dalla foto originale", "quase nenhuma diferença da foto original"),
        *("和原图没什么区别", "元の写真とほとんど変わらない"),
    ],
)
def test_a_likeness_to_the_photo_alone_is_a_complaint(said: str) -> None:
    assert read_change(said, CATALOGUE).strength > 0
