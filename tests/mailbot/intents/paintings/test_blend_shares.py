"""Shares of a blend in words, in eight languages."""

from __future__ import annotations

import pytest

from tests.fakes.mailbot.asks import paint_of

#: Mails by the share of the starry night, per cent; the rest is the wheat field.
MAILS = {
    60: [
        "sixty percent starry night and forty percent wheat field please",
        "sesenta por ciento noche estrellada y cuarenta por ciento campo de trigo",
        "soixante pour cent nuit étoilée et quarante pour cent champ de blé",
        "sechzig Prozent Sternennacht und vierzig Prozent Weizenfeld",
        "sessanta per cento notte stellata e quaranta per cento campo di grano",
        "sessenta por cento noite estrelada e quarenta por cento campo de trigo",
        "百分之六十星月夜,百分之四十麦田",
        "星月夜と麦畑を六対四で混ぜてください",
        "星月夜和麦田按三比二混合",
        "three fifths starry night, two fifths wheat field",
        "drei Fünftel Sternennacht und zwei Fünftel Weizenfeld",
        "trois cinquièmes de nuit étoilée et deux cinquièmes de champ de blé",
        "tres quintas partes de noche estrellada y dos quintas partes de campo de trigo",
        "tre quinti notte stellata e due quinti campo di grano",
        "três quintos de noite estrelada e dois quintos de campo de trigo",
        "星月夜占五分之三,麦田占五分之二",
        "星月夜を五分の三、麦畑を五分の二で混ぜて",
    ],
    80: [
        "mostly starry night with a pinch of wheat field",
        "vorwiegend Sternennacht, dazu eine Prise Weizenfeld",
        "Sternennacht mit einem Hauch Weizenfeld",
        "surtout la nuit étoilée, avec un soupçon de champ de blé",
        "la nuit étoilée comme base et une touche de champ de blé",
        "noche estrellada como base y un toque de campo de trigo",
        "principalmente noche estrellada con una pizca de campo de trigo",
        "notte stellata come base e una spolverata di campo di grano",
        "soprattutto notte stellata, con un pizzico di campo di grano",
        "noite estrelada como base e um cheirinho de campo de trigo",
        "quase só noite estrelada, com uma pitada de campo de trigo",
        "以星月夜为主,加一点麦田",
        "星月夜8割、麦畑2割で混ぜて",
        "星月夜8割に麦畑2割でお願いします",
        "星月夜をメインに、麦畑を少しだけ混ぜて",
        "Starry night and wheat field, both by van Gogh. Mostly the first, only a hint of the second.",
        "Sternennacht und Weizenfeld. Vorwiegend das erste, vom zweiten nur eine Prise.",
        "Nuit étoilée et champ de blé. Surtout la première, juste un soupçon de la seconde.",
        "Noche estrellada y campo de trigo. Sobre todo la primera, de la segunda solo una pizca.",
        "Notte stellata e campo di grano. Soprattutto la prima, della seconda giusto un pizzico.",
        "Noite estrelada e campo de trigo. Sobretudo a primeira, da segunda só uma pitada.",
        "星月夜和麦田混合。主要是第一个,第二个只要一点点。",
        "星月夜と麦畑を混ぜてください。前者を多めに、後者は少しだけ。",
        "nearly all starry night, just a dash of wheat field",
        "starry night with the faintest trace of wheat field",
        "hauptsächlich Sternennacht, das Weizenfeld nur ganz dezent dazu",
    ],
    30: [
        "星月夜和麦田三七开",
    ],
    75: [
        "three quarters starry night and one quarter wheat field",
        "starry night three quarters, wheat field one quarter",
        "Please blend starry night and wheat field. Three quarters of the first, one of the second.",
        "for every three strokes of starry night, one of wheat field",
    ],
    70: [
        "seven parts starry night to three parts wheat field",
        "sieben Teile Sternennacht, drei Teile Weizenfeld",
        "sept mesures de nuit étoilée pour trois de champ de blé",
        "siete cucharadas de noche estrellada y tres de campo de trigo",
        "sette parti di notte stellata e tre di campo di grano",
        "sete partes de noite estrelada para três de campo de trigo",
        "im Verhältnis siebzig zu dreißig: Sternennacht und Weizenfeld",
        "starry night and wheat field in the ratio seven to three",
        "starry night and wheat field, seventy to thirty",
        "Sternennacht und Weizenfeld, sieben zu drei",
        "nuit étoilée et champ de blé, sept contre trois",
        "noche estrellada y campo de trigo, siete a tres",
        "notte stellata e campo di grano, sette a tre",
        "noite estrelada e campo de trigo, sete para três",
        "Mix starry night with wheat field: 70 of the first, 30 of the second",
        "星月夜七成,麦田三成",
        "七成星月夜三成麦田",
        "星月夜を七、麦畑を三の割合で",
        "mix of starry night at 70 and wheat field at 30",
    ],
    50: [
        "星月夜と麦畑を50%ずつ混ぜられますか？",
        "Sternennacht und Weizenfeld je 50 %, gemischt",
        "equal shares of starry night and wheat field",
        "starry night and wheat field, fifty-fifty",
        "halfway between starry night and wheat field",
        "auf halbem Weg zwischen Sternennacht und Weizenfeld",
        "je zur Hälfte Sternennacht und Weizenfeld",
        "à mi-chemin entre la nuit étoilée et le champ de blé",
        "moitié nuit étoilée, moitié champ de blé",
        "mitad noche estrellada y mitad campo de trigo, todo en un mismo cuadro",
        "a medio camino entre la noche estrellada y el campo de trigo",
        "a metà strada tra la notte stellata e il campo di grano",
        "metà notte stellata e metà campo di grano",
        "metade noite estrelada, metade campo de trigo",
        "a meio caminho entre a noite estrelada e o campo de trigo",
        "星月夜和麦田各取一半",
        "星月夜和麦田各半",
        "星月夜と麦畑を半分ずつ",
        "星月夜と麦畑の中間くらい",
    ],
    67: [
        "two thirds starry night and the remaining third wheat field",
        "starry night with wheat field, two thirds to one third",
        "zu zwei Dritteln Sternennacht und zu einem Drittel Weizenfeld",
        "la nuit étoilée aux deux tiers, le champ de blé pour le tiers restant",
        "dos tercios de noche estrellada y el tercio restante de campo de trigo",
        "星月夜三分之二,剩下的给麦田",
    ],
    90: [
        "nine tenths starry night and one tenth wheat field",
    ],
    65: [
        "sixty-five percent starry night, thirty-five percent wheat field",
        "fünfundsechzig Prozent Sternennacht, der Rest Weizenfeld",
    ],
}
#: Per cents by which "mostly" and "a pinch" may miss what somebody means.
ABOUT = 5


@pytest.mark.parametrize(
    ("share", "text"), [(share, text) for share, texts in MAILS.items() for text in texts]
)
def test_shares_in_words(share: int, text: str) -> None:
    (job,) = paint_of(text).jobs
    shares = dict(part.split(":") for part in job.style.split(","))
    assert set(shares) == {"starry-night", "wheat-field"}
    assert abs(100 * float(shares["starry-night"]) - share) < ABOUT
    assert job.options.strength == 1.0


@pytest.mark.parametrize(
    "text",
    [
        "equal thirds of starry night, wheat field and scream",
        "zu gleichen Dritteln Sternennacht, Weizenfeld und Schrei",
        "星月夜、麦畑、叫びを均等に混ぜて",
    ],
)
def test_equal_shares_of_three(text: str) -> None:
    (job,) = paint_of(text).jobs
    assert job.style == "starry-night:0.333,wheat-field:0.333,the-scream:0.333"
    assert job.options.strength == 1.0


@pytest.mark.parametrize(
    "text",
    [
        "starry night and wheat field, but don't mix them up",
        "einmal Sternennacht, einmal Weizenfeld, nicht vermengt",
        "nuit étoilée et champ de blé, pas mélangés",
    ],
)
def test_a_refused_mixture_is_several_paintings(text: str) -> None:
    assert [job.style for job in paint_of(text).jobs] == ["starry-night", "wheat-field"]
