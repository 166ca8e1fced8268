"""Steps of the strength by an amount, and a strength that is said, in eight languages."""

from __future__ import annotations

import pytest

from mailbot.intents.changes.change_amounts import Amounts
from mailbot.intents.changes.relative_changes import read_change
from mailbot.intents.names.catalogue import Catalogue
from tests.fakes.mailbot.mails import STYLES


def amounts_of(text: str) -> Amounts:
    return read_change(text, Catalogue.of(STYLES)).amounts


@pytest.mark.parametrize(
    "text",
    [
        *("bring it down by a fifth", "take it down a fifth", "one fifth less please", "a fifth weaker"),
        *("um ein Fünftel schwächer", "bitte um ein Fünftel runter", "reduzier das um ein Fünftel"),
        *("un cinquième de moins", "baisse d'un cinquième", "un cinquième moins fort"),
        *("baja un quinto", "redúcelo un quinto", "un quinto más suave"),
        *("diminuisci di un quinto", "un quinto in meno", "por um quinto menos", "reduz um quinto"),
        *("减五分之一", "降低五分之一", "五分の一弱く", "五分の一減らして"),
    ],
)
def test_a_fraction_is_one_of_the_strength_before(text: str) -> None:
    assert amounts_of(text) == Amounts(factor=0.8)


@pytest.mark.parametrize(
    ("text", "points"),
    [
        *(
            (text, 10)
            for text in ("+ 10 %", "+10", "10 points more", "up by 10", "zehn mehr", "10 Punkte mehr")
        ),
        *((text, 10) for text in ("dix de plus", "sube diez puntos", "dieci in più", "Suba dez pontos.")),
        *((text, 10) for text in ("mais dez", "加十个点", "10上げて", "プラス10", "ten more")),
        *(
            (text, -10)
            for text in ("-10%", "- 10 %", "minus 10", "ten points less", "Noch mal zehn weniger.")
        ),
        *((text, -10) for text in ("moins dix", "Otro diez menos.", "scendi di dieci", "desce dez pontos")),
        *((text, -20) for text in ("lower it by 20%", "um 20 % reduzieren", "baisse de 20 %", "20%減らして")),
        ("weaker\n-10", -10),
        ("ten more minutes and I'm off", 0),
        ("no more than 60%", 0),
        ("20 more photos", 0),
    ],
)
def test_points(text: str, points: int) -> None:
    assert amounts_of(text).points == points


@pytest.mark.parametrize(
    "text",
    [
        *(
            "say 55",
            "let's say 55 per cent",
            "like 55",
            "a bit less so? Say 55 per cent.",
            "weaker, 55 or so",
        ),
        *("sagen wir 55", "auf 55 % runter", "disons 55", "monte jusqu'à 55 %", "digamos 55", "diciamo 55"),
        *("abbassa all'55", "scendi all’55%", "baisse à l'55", "baixa aos 55", "desce para os 55%"),
        *("um pouco menos, digamos 55", "sobe para 55%", "大概55", "55でお願いします", "55ぐらいかな"),
    ],
)
def test_a_strength_is_said(text: str) -> None:
    assert amounts_of(text) == Amounts(level=55)


@pytest.mark.parametrize(
    "text", ["reduce the size by 20%", "reduce the size by a third", "un quart plus petit"]
)
def test_a_step_of_the_size_has_no_amount(text: str) -> None:
    change = read_change(text, Catalogue.of(STYLES))
    assert (change.size, change.amounts) == (-1, Amounts())


@pytest.mark.parametrize(
    "text",
    [
        *("on a scale of 1 to 10 that's a 10", "9 out of 10!", "9 out of 10, thanks", "8/10"),
        *("7 of 10 friends like it", "9 von 10, danke", "un 9 sur 10, merci", "9 de 10, gracias"),
        *("9 su 10, grazie", "9 em 10", "满分10分，9分", "10点満点で9点です"),
    ],
)
def test_a_rating_is_no_strength(text: str) -> None:
    assert not amounts_of(text).is_any


@pytest.mark.parametrize(
    "text",
    [
        *("about 10 of us", "I'm around 40", "we are 10 more", "-10 °C here", "10 € weniger"),
        *("wir sind 20 mehr", "nous sommes 20 de plus", "siamo 10 in più", "somos 10 más"),
        *("somos 10 a mais", "我们有20", "みんなで20"),
    ],
)
def test_people_ages_and_money_are_no_amounts(text: str) -> None:
    assert not amounts_of(text).is_any


def test_a_second_number_is_no_strength_beside_a_step() -> None:
    assert amounts_of("+ 10 - 10") == Amounts(points=10)


@pytest.mark.parametrize(
    ("text", "factor"),
    [
        *(
            (text, 0.5)
            for text in ("divide the strength by two", "teil die Stärke durch zwei", "divisé par 2")
        ),
        *(
            (text, 0.5)
            for text in ("divise la force par deux", "divídelo entre dos", "dividi la forza per due")
        ),
        *((text, 0.5) for text in ("divide a força por dois", "强度除以2", "砍一半", "2で割って")),
        *((text, 5) for text in ("five times stronger", "fünfmal so stark", "cinq fois plus fort")),
        *((text, 5) for text in ("cinco veces más fuerte", "cinque volte più forte", "五倍", "5倍にして")),
        *((text, 3) for text in ("强三倍", "浓度三倍", "効果を3倍にして", "3倍でお願いします", "三倍で")),
        *((text, 4) for text in ("quadruple it", "vervierfache", "quadruplica", "cuadruplica")),
        *((text, 0.33) for text in ("tres veces menos", "three times weaker", "trois fois moins fort")),
        *((text, 2) for text in ("triple pas, double seulement", "not triple, just double")),
    ],
)
def test_a_multiple_is_one_of_the_strength_before(text: str, factor: float) -> None:
    assert amounts_of(text) == Amounts(factor=factor)


@pytest.mark.parametrize(
    "text",
    [
        *("another ten percent", "weitere zehn Prozent", "rajoute dix pour cent", "otro diez por ciento"),
        *("un altro dieci per cento", "mais uns dez por cento", "再来10%", "あと10%"),
    ],
)
def test_another_amount_is_one_more(text: str) -> None:
    assert amounts_of(text) == Amounts(points=10)


@pytest.mark.parametrize(
    "text",
    [
        *("paint it three times", "I saw it five times", "dreimal danke", "trois fois merci"),
        *("cut it in two", "please cut it in 3", "divise-la en deux", "we looked at it 5 times more"),
        *("I read it 3 times less", "ich hab es mir dreimal mehr angesehen", "lo he visto tres veces más"),
        *("je l'ai regardé dix fois plus", "l'ho guardato tre volte di più", "já vi três vezes mais"),
        *(
            "比上次好看十倍！",
            "比上次好看三倍！",
            "我看了十倍",
            "前より10倍いいです！",
            "10倍いいです！",
            "可愛さ3倍",
        ),
    ],
)
def test_how_often_is_no_multiple(text: str) -> None:
    assert amounts_of(text) == Amounts()


@pytest.mark.parametrize(
    "text",
    [
        *("another 10% off?", "weitere 10% Rabatt?", "rajoute 10% de réduction", "otro 10% de descuento"),
        *("un altro 10% di sconto", "mais uns 10% de desconto", "再来10%折扣", "さらに10%オフ？"),
    ],
)
def test_a_reduction_is_no_step(text: str) -> None:
    assert amounts_of(text) == Amounts()
