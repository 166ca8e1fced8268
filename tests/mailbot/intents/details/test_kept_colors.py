"""The photo's colours, asked for by all of them or by a single one, in eight languages."""

from __future__ import annotations

import pytest

from tests.fakes.mailbot.asks import paint_of


@pytest.mark.parametrize(
    "text",
    [
        "the scream, but the red of the hull must stay red",
        "Turner please. One thing though: the red of the hull must stay red or I get no peace.",
        "wheat field, and the yellow of the shirt is not negotiable",
        "udnie, don't touch the red of the hull",
        "udnie. Leave the green of my kit green.",
        "udnie, hands off the blue of the door",
        "der Schrei, das Blau der Vespa bleibt blau",
        "der Schrei, aber das Blau von meiner Vespa fasst mir keiner an",
        "Der Schrei bitte. Das Rot vom Kleid muss so bleiben.",
        "Der Schrei, das Gold der Orgelpfeifen bitte belassen",
        "le cri, le rose des fleurs doit rester rose",
        "le cri, mais le bleu de nos volets reste le bleu de nos volets",
        "Le cri. Le bleu de la coque, vous me le laissez tel qu'il est.",
        "le cri, ne touchez pas au rouge de la lanterne",
        "el grito, y el amarillo de la camiseta no se negocia",
        "el grito, el amarillo de la camiseta se queda como está en la foto",
        "el grito sin alterar el morado de las lavandas",
        "el grito, no me cambien el azul del barco",
        "l'urlo, l'arancione del cielo lo voglio arancione",
        "L'urlo. Il verde acqua della carrozzeria è originale, me lo lasci identico.",
        "l'urlo, l'oro delle ali non si tocca, resta oro",
        "l'urlo, il rosso della vela deve restare rosso",
        "o grito, e o amarelo do ipê fica amarelo",
        "O grito. O azul-calcinha dela tem que continuar azul-calcinha.",
        "o grito, sem mexer no verde do barco",
        "呐喊,樱花的粉色不许变",
        "呐喊,狮头的金色和红色保持照片里的样子",
        "呐喊,旗袍那个墨绿色画完还得是墨绿",
        "呐喊,青铜的绿锈色不能变",
        "呐喊,颜色还是我照片的",
        "呐喊,色彩仍从原照",
        "叫び、色は変えんといて",
        "叫び、浴衣の藍は藍のまま残してほしいです",
        "叫び。金魚の赤だけは消さんでくれ。",
        "叫び。色は変えなくてよいです。",
        "叫び、色は写真のまんまで頼みます",
        "the scream, keep the colours as they are in my photograph",
        "the scream, not too big, the colours kept",
    ],
)
def test_a_colour_that_stays(text: str) -> None:
    (job,) = paint_of(text).jobs
    assert job.options.keep_colors
    assert job.options.strength == 1.0


@pytest.mark.parametrize(
    "text",
    [
        "the scream, and make the sky purple",
        "the scream, my red bike please",
        "le cri, mon vélo rouge",
        "the scream for my blue-eyed son",
        "udnie, leave the red balloon out",
        "el grito, mi perro negro en la playa",
        "l'urlo, la mia barca rossa resta a casa",
        "呐喊,照片里是我的红色自行车",
        "the scream, it would look good above the green sofa",
        "Der Schrei, für das rote Zimmer",
        "o grito, meu carro vermelho",
        "wheat field. Keep the sky blue if possible.",
    ],
)
def test_a_colour_of_a_thing(text: str) -> None:
    assert not paint_of(text).jobs[0].options.keep_colors


@pytest.mark.parametrize(
    "text",
    [
        "The scream, and don't you go changing the colours.",
        "The scream. The colours should be ours.",
        "The scream. Only the brushwork, not the colours.",
        "The scream. The shirt is green and must look green.",
        "Der Schrei, nur den Pinselstrich, nicht die Farben",
        "Der Schrei, farbtreu bitte",
        "Le cri. La touche oui, les couleurs non.",
        "Le cri, n'allez pas me changer les couleurs",
        "El grito, pero no me vaya a cambiar los colores",
        "El grito. Los colores tienen que ser los de la foto.",
        "L'urlo, ma i colori devono restare quelli della fotografia",
        "L'urlo. I colori della bandiera sono i nostri, non quelli di un pittore russo.",
        "O grito. As cores devem ser as da fotografia.",
        "O grito sem alteração das cores originais",
        "呐喊,颜色得是照片里的",
        "呐喊,红的要红",
        "呐喊,只要笔触,颜色不要",
        "叫び、色は元のままでお願いします",
        "叫び、色には手をつけないでください",
        "Contrasto di forme ma lasciando i colori della foto, altrimenti non si capisce di che rione siamo.",
    ],
)
def test_the_colours_of_the_photo_in_other_words(text: str) -> None:
    paint = paint_of(text)
    assert paint.jobs[0].options.keep_colors
    assert not paint.not_understood


@pytest.mark.parametrize(
    "text",
    [
        "呐喊,颜色不必管我照片的",
        "Wheat field, and the colours may be those of the painting.",
        "O grito. As cores têm de ser selvagens.",
        "Il grido? L'urlo, con colori forti.",
    ],
)
def test_the_colours_of_the_painting(text: str) -> None:
    assert not paint_of(text).jobs[0].options.keep_colors


def test_a_not_behind_the_colours_of_the_photo_refuses_others() -> None:
    paint = paint_of("could the colours be the ones in the photo rather than the painting's? Wheat field.")
    assert paint.jobs[0].options.keep_colors


@pytest.mark.parametrize(
    ("text", "keeps"),
    [
        ("keep colors: no, style: scream", False),
        ("keep colors: yes, style: scream", True),
        ("Fernand Leger, keep colors off", False),
        ("Schrei, Farben beibehalten aus", False),
        ("Farben behalten: nein, Stil: Schrei", False),
        ("garder les couleurs : non, le cri", False),
        ("conservar colores: no, estilo: el grito", False),
        ("mantieni i colori: no, urlo", False),
        ("manter as cores: não, o grito", False),
        ("神奈川冲浪里，保留颜色:否", False),
        ("神奈川沖浪裏、色はそのまま:いいえ", False),
        ("神奈川沖浪裏、色はそのまま", True),
    ],
)
def test_colours_are_kept_or_not_as_a_form_says(text: str, keeps: bool) -> None:
    assert paint_of(text).jobs[0].options.keep_colors is keeps


@pytest.mark.parametrize(
    "text",
    [
        "no colour changes pls, leger. That is my aunt.",
        "keine Farbänderungen bitte, der Schrei. Das ist meine Tante.",
        "pas de changement de couleurs, le cri. C'est ma tante.",
        "sin cambios de color, el grito. Es mi tía.",
        "senza cambi di colore, l'urlo. È mia zia.",
        "sem mudança de cores, o grito. É a minha tia.",
        "呐喊，颜色不要改。这是我姑姑。",
        "叫びで、色の変更なし。叔母です。",
    ],
)
def test_no_change_of_colours_keeps_them(text: str) -> None:
    paint = paint_of(text)
    assert paint.jobs[0].options.keep_colors
    assert paint.not_understood == ()


@pytest.mark.parametrize(
    "text",
    [
        "Mondrian, but leave it colourful",
        "Mondrian, aber bunt lassen",
        "Mondrian, mais gardez-le coloré",
        "Mondrian, pero que quede colorido como está",
        "Mondrian, ma lasciatelo colorato",
        "Mondrian, mas que fique colorido",
        "蒙德里安，但保留原来的鲜艳",
        "モンドリアンで、でもカラフルなまま残して",
    ],
)
def test_a_colourful_photo_that_stays_so_keeps_its_colours(text: str) -> None:
    assert paint_of(text).jobs[0].options.keep_colors
