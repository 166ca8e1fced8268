"""Strengths in words, and sizes that are the photo's own."""

from __future__ import annotations

import pytest

from styles.contract import DEFAULT_SIZE, MAX_SIZE
from tests.fakes.mailbot.asks import paint_of


def options_of(text: str) -> tuple[int, int]:
    paint = paint_of(text)
    assert paint.chosen == "named"
    return round(100 * paint.jobs[0].options.strength), paint.jobs[0].options.size


@pytest.mark.parametrize(
    ("text", "strength"),
    [
        ("wheat field, about a fifth of full strength", 20),
        ("wheat field, at 20", 20),
        ("wheat field. At 20.", 20),
        ("el grito con un 60", 60),
        ("Schrei mit einer 60", 60),
        ("Wheat field\n\nBest,\nAnn, 30", 100),
        ("wheat field. The 50", 100),
        ("wheat field please. -10!", 100),
        ("wheat field for mum, the 60", 100),
        ("Wheat field, a 10 from me", 100),
        ("Pour les 60, champ de blé", 100),
        ("Per i 60, campo di grano", 100),
        ("Weizenfeld bitte. Am 20.", 100),
        ("Weizenfeld zum 60.", 100),
        ("el grito. El 15", 100),
        ("le cri. Le 20", 100),
        ("o grito. No 20", 100),
        ("campo de trigo, al veinte", 20),
        ("Weizenfeld, auf 20", 20),
        ("麦田，20", 20),
        ("starry night at 9 am", 100),
        ("the scream, on a scale of 1 to 10 a 3", 30),
        ("wheat field, thirty-five percent", 35),
        ("Sternnacht 60 Prozent", 60),
        ("wave .5", 50),
        ("50 wave", 50),
        ("half the family loves munch, so the scream", 100),
        ("half the scream", 50),
        ("C'era lo sconto del 10 %. Campo di grano, grazie.", 100),
        ("Teve desconto de 10 %. Campo de trigo por favor.", 100),
        ("Custou R$ 180 + 10 %. Campo de trigo por favor.", 100),
        ("We got a discount of 10 %. Wheat field please.", 100),
        ("Il y avait une remise de 10 %. Champ de blé svp.", 100),
        ("Es gab Rabatt von 10 %. Weizenfeld bitte.", 100),
        ("Hubo descuento del 10 %. Campo de trigo por favor.", 100),
        ("Composition 8", 100),
        ("Composition 60", 60),
        *(("Kandinsky 7", 100), ("udnie 5", 100), ("Kandinsky at 7", 7), ("Kandinsky 15", 15)),
        *(("the scream, not 80%, 60%", 60), ("Schrei, nicht 80%", 100)),
        *(("Kandinsky a 60", 60), ("Munch à 60", 60), ("the wave for 20 of us", 100)),
        ("hola bot! Noche estrellada al 90 para el equipo de los peques", 90),
        ("Sternennacht auf 90 für die Kleinen", 90),
        *(
            ("La ola. Todo a 60.", 60),
            ("Die Welle. Alles auf 60 bitte.", 60),
            ("La vague, le tout à 60.", 60),
        ),
        ("The wave. Turn it down to 60 please.", 60),
        ("El grito, mantenga mis colores y baje a 60.", 60),
        ("the wave, just a little version", 100),
        ("The wave, gently\nat three quarters please", 75),
        ("The scream, dialled right back to about a third", 33),
        ("the scream, low intensity", 40),
        ("the scream, subtle\n25% please", 25),
        ("slightly stronger scream", 100),
        ("Schrei, etwas kräftiger", 100),
        ("I don't want starry night to be too strong", 60),
        ("je ne veux pas que le cri soit trop fort", 60),
        ("no quiero que la ola sea muy fuerte", 60),
        ("non voglio l'urlo troppo forte", 60),
        ("não quero o grito muito forte", 60),
        ("Mondrian but not too Mondrian", 60),
        ("Schrei, aber dezent\nNur so 25 % bitte, sonst erschrickt mein Chef.", 25),
        ("La sposa era un po' meno contenta. La Donna con cappello, per favore", 100),
        ("Der Schrei, geringe Intensität", 40),
        ("Sternennacht zu drei Vierteln", 75),
        ("Nachtcafé mit fünfundvierzig Prozent", 45),
        ("le cri aux trois quarts", 75),
        ("le cri, faible intensité", 40),
        ("La noche estrellada con poca intensidad", 25),
        ("notte stellata, effetto leggero", 40),
        ("星空,七成力度", 70),
        ("the scream at 4 out of 10", 40),
        ("the scream, six out of ten please", 60),
        ("THE SCREAM, SİX OUT OF 10", 60),
        ("The scream please. Make it 4 out of 10.", 40),
        ("Schrei. Mach es auf 4 von 10 bitte", 40),
        ("le cri, 4 sur 10", 40),
        ("el grito, 4 de 10", 40),
        ("l'urlo, mettilo a 4 su 10", 40),
        ("the scream, photo 3 of 10", 100),
        ("the scream, 3 of 10 pictures from Rome", 100),
        ("Here are 3 out of 10. The scream please", 100),
        ("These 2 out of ten are the best. The scream", 100),
        ("the scream\n3/10", 100),
        ("The scream. 9 out of 10 dentists recommend it.", 100),
        ("I rate starry night 9 out of 10. The scream please", 100),
        ("Welle, Stärke 7/10", 70),
        ("the scream at sixty-five per cent", 65),
        ("The scream please. Sixty-five percent.", 65),
        ("the scream, three fifths of strength", 60),
        ("der Schrei, drei Fünftel der Stärke", 60),
        ("le cri, trois cinquièmes de l'intensité", 60),
        ("el grito, tres quintas partes de fuerza", 60),
        ("l'urlo, tre quinti di intensità", 60),
        ("o grito, três quintos da força", 60),
        ("the scream at three quarters", 75),
        ("the scream, about three quarters would be good", 75),
        ("Der Schrei, drei viertel Stärke", 75),
        ("Der Schrei zu drei Vierteln", 75),
        ("le cri à trois quarts, pas au maximum", 75),
        ("le cri au quart, merci", 25),
        ("el grito a dos tercios", 67),
        ("l'urlo a un terzo, per favore", 33),
        ("o grito a um terço", 33),
        ("der Schrei, nur dezent, so ein Viertel der vollen Wirkung", 25),
        ("le cri, mais doucement, un tiers d'effet maxi", 33),
        ("Le cri. Alors un tiers de la force, pas davantage.", 33),
        ("呐喊,三成左右就好", 30),
        ("呐喊,力度七成五", 75),
        ("呐喊,三四成就够了", 34),
        ("叫び、二割くらいでお願いします", 20),
        ("叫び、濃度は八割五分くらいで", 85),
        ("叫び、濃さは二割五分で止めておいてください", 25),
        ("叫び。四分の一くらいがよい。", 25),
        ("叫び。効き具合は七割五分くらいにしてください。", 75),
        ("flojito, el grito, un 25 por ciento", 25),
        ("der Schrei, zwischen vierzig und fünfzig Prozent", 45),
        ("the scream, between 40 and 50 percent", 45),
        ("the scream, 40-50%", 45),
        ("le cri, de 40 à 50 %", 45),
        ("el grito, entre el 40 y el 50 por ciento", 45),
        ("the scream, forty per cent strength", 40),
        ("o grito, uns 40 por cento", 40),
        ("Hokusai al 65, per favore", 65),
        ("Hokusai a 65, por favor", 65),
        ("Munch auf 65", 65),
        ("Munch at 65 please", 65),
        ("starry night for my son, he is 6 and a half", 100),
    ],
)
def test_a_strength_in_words(text: str, strength: int) -> None:
    assert options_of(text)[0] == strength


@pytest.mark.parametrize(
    "text",
    [
        "Great Wave, same size as the original",
        "Leger please, as big as my photo",
        "so groß wie das Original, und zwar als Weizenfeld",
        "la vague svp, même taille que l'original",
        "Gran ola, del mismo tamaño que el original",
        "Léger grande quanto la mia foto",
        "神奈川冲浪里,跟原图一样大",
        "神奈川沖浪裏、元の写真と同じ大きさで",
    ],
)
def test_the_size_of_the_photo(text: str) -> None:
    assert options_of(text) == (100, MAX_SIZE)


@pytest.mark.parametrize(
    "text",
    [
        "el grito, a medio gas",
        "l'urlo, intensità a metà strada",
        "le cri à mi-puissance",
        "der Schrei auf halber Kraft",
        "o grito com metade da força",
        "the scream, halfway is enough",
        "the scream, gently, it's for a child's room",
        "der Schrei, behutsam, ist fürs Kinderzimmer",
        "le cri, tout doucement, c'est pour la chambre du petit",
        "el grito, suavecito, que no le dé miedo",
        "l'urlo, leggero leggero",
        "o grito, bem de leve",
        "呐喊,手法淡淡的就好",
        "叫び、うすめで",
    ],
)
def test_a_gentle_strength(text: str) -> None:
    strength, size = options_of(text)
    assert 30 <= strength <= 60
    assert size == DEFAULT_SIZE


@pytest.mark.parametrize(
    "text",
    [
        "the scream, with force, I want it noticed",
        "der Schrei, kräftig, dass man es auch merkt",
        "le cri, n'ayez pas peur d'y aller fort",
        "el grito, con fuerza, que se note",
        "l'urlo, calcate la mano",
        "o grito, com brutalidade",
        "呐喊,画得越猛越好",
        "叫び、がつんと濃く",
        "the scream, don't hold back",
        "the scream, pull out all the stops",
        "der Schrei, ruhig kräftig auftragen",
    ],
)
def test_full_strength_is_heard(text: str) -> None:
    assert options_of(text)[0] == 100


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("the scream, don't shrink it", 16384),
        ("the scream, as large as you can manage", 16384),
        ("the scream, as large as the photo is", 16384),
        ("der Schrei, so groß wie das Foto ist", 16384),
        ("der Schrei, nicht schrumpfen bitte", 16384),
        ("le cri, de la taille de la photo", 16384),
        ("le cri, au pixel près", 16384),
        ("le cri, le plus grand que vous ayez", 16384),
        ("el grito, tal cual mide la foto", 16384),
        ("l'urlo, non rimpicciolite nulla", 16384),
        ("l'urlo, alla grandezza vera", 16384),
        ("o grito, não reduzam", 16384),
        ("o grito, quanto maior melhor", 16384),
        ("呐喊,请按原图尺寸出", 16384),
        ("呐喊,原图多大就出多大", 16384),
        ("呐喊,能多大多大", 16384),
        ("叫び、写真そのままの大きさで", 16384),
        ("叫び、縮小はせずにお願いします", 16384),
        ("the scream, big enough to frame", 2048),
        ("the scream, plenty of pixels please", 2048),
        ("der Schrei, in ordentlicher Größe", 2048),
        ("le cri, gd format", 2048),
        ("el grito, a tamaño pared", 2048),
        ("o grito, em ponto grande", 2048),
        ("呐喊,图要大", 2048),
        ("叫び、でかいサイズ希望", 2048),
        ("叫び、でかいのを頼みます", 2048),
        ("der Schrei, muss nicht riesig sein", 512),
        ("el grito, no hace falta que sea enorme", 512),
        ("le cri, pas besoin que ce soit énorme", 512),
        ("o grito, não carece ser grande não", 512),
        ("l'urlo, non deve essere enorme", 512),
        ("le cri, taille mini", 512),
        ("呐喊,小小一张即可", 512),
        ("叫び、小さくて結構です", 512),
        ("the scream, nine hundred pixels", 900),
        ("叫び、長辺4000ピクセルで", 4000),
        ("叫び、出力は長辺2560pxで", 2560),
    ],
)
def test_a_size_in_words(text: str, size: int) -> None:
    assert options_of(text) == (100, size)


@pytest.mark.parametrize(
    ("text", "strength"),
    [
        ("wheat field, put it at 80", 80),
        ("the scream, not too heavy because the bride is serious", 60),
        ("the scream, nothing too overwhelming please", 60),
        ("the scream, don't hold back", 100),
        ("Der Schrei, Stärke drei Zehntel", 30),
        ("Der Schrei, nicht allzu intensiv", 60),
        ("Der Schrei, so stark wie nur irgend möglich", 100),
        ("le cri, pas trop chargé car la mariée est sérieuse", 60),
        ("le cri, à fond les ballons", 100),
        ("El grito, pero no muy cargado que la novia es seria", 60),
        ("El grito, sin contenerse", 100),
        ("l'urlo, non troppo carico perché la sposa è seria", 60),
        ("o grito, não muito pesado", 60),
        ("呐喊,效果打对折", 50),
        ("呐喊,不超过六成", 60),
        ("呐喊,别画得太浓", 60),
        ("呐喊,效果拉满", 100),
        ("叫び、三割ほどの強さで", 30),
        ("叫び、あまり濃くしないで", 60),
        ("叫び、最強設定で", 100),
    ],
)
def test_a_strength_in_other_words(text: str, strength: int) -> None:
    assert options_of(text)[0] == strength


@pytest.mark.parametrize(
    ("text", "strength"),
    [
        ("the scream, half of the cousins are missing", 100),
        ("Der Schrei, die Hälfte der Familie fehlt", 100),
        ("le cri, la moitié de la famille", 100),
        ("le cri, la moitié de la puissance", 50),
        ("El grito, la mitad de la familia", 100),
        ("El grito, la mitad de potencia", 50),
        ("l'urlo, metà della famiglia è qui", 100),
        ("l'urlo, metà dell'effetto", 50),
        ("o grito, metade dos convidados", 100),
        ("o grito, metade da força", 50),
        ("呐喊，一半的人都在", 100),
        ("呐喊，一半的效果", 50),
        ("叫びで、家族の半分です", 100),
        ("叫びで、効果の半分で", 50),
    ],
)
def test_half_of_a_family_is_no_strength(text: str, strength: int) -> None:
    assert options_of(text)[0] == strength


@pytest.mark.parametrize(
    ("text", "strength"),
    [
        ("wave, weak", 60),
        ("weak wave please", 60),
        ("wave, low", 60),
        ("wave, not much", 60),
        ("Sternennacht aber nur schwach bitte", 60),
        ("Welle, schwach und groß", 60),
        ("cri, très faible", 60),
        ("la vague, pas beaucoup", 60),
        ("La ola, muy débil por favor", 30),
        ("urlo, debole", 60),
        ("a onda, bem fraca", 60),
        ("星空,弱", 60),
        ("弱い星空", 60),
        ("she's weak now, the wave please", 100),
        ("wave please, my mother is weak", 100),
        ("Der Schrei bitte, nicht viel Zeit", 100),
        ("the wave, not weak", 100),
    ],
)
def test_a_small_word_alone_beside_a_style_is_a_low_strength(text: str, strength: int) -> None:
    assert options_of(text)[0] == strength
