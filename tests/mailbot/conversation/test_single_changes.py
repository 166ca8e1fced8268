"""Replies that say a single change in few words: how much, which size, the number from before, once more."""

from __future__ import annotations

import pytest

from mailbot.storage.ledger import Ledger
from tests.fakes.mailbot.conversations.thread import Thread


async def _painted(ledger: Ledger, *texts: str) -> tuple[int, int, bool]:
    """The strength, the size and whether the colours are kept, behind some replies to a scream at 40 %."""
    thread = Thread(ledger)
    came = await thread.says("the scream 40%", ["IMG_1.jpg"])
    for text in texts:
        came = await thread.says(text)
    ((_, job),) = came.pictures
    return round(100 * job.options.strength), job.options.size, job.options.keep_colors


@pytest.mark.parametrize(
    ("text", "strength"),
    [
        *(
            (text, 48)
            for text in ("a whisker stronger please", "lay it on a bit more", "just a hair stronger")
        ),
        *(
            (text, 48)
            for text in ("bissl mehr darfs doch sein", "ein müh stärker", "darf ruhig etwas mehr sein")
        ),
        *(
            (text, 48)
            for text in ("un cheveu plus fort", "charge un peu plus", "Pode carregar um pouco mais?")
        ),
        *((text, 48) for text in ("carica un po' di più", "稍微一点点强一些", "ほんの少しだけ強めて")),
        *((text, 33) for text in ("a hair lighter", "una chispa más suave", "un attimo più leggero")),
        *((text, 33) for text in ("Um tudo-nada mais leve, por favor.", "気持ちだけ弱めて")),
    ],
)
async def test_the_smallest_words_of_degree_are_half_a_step(ledger: Ledger, text: str, strength: int) -> None:
    assert (await _painted(ledger, text))[0] == strength


@pytest.mark.parametrize(
    ("text", "strength"),
    [
        ("back to the 60 from before", 60),
        *(
            (text, 60)
            for text in ("ay no, déjala en el sesenta de antes", "60 genau", "再来个60%的", "ちょうど60で")
        ),
        *((text, 30) for text in ("30 secchi", "30 flat", "30 pile", "30 justos", "30 certinhos", "定30%")),
        ("思い切って八割で", 80),
    ],
)
async def test_a_number_is_the_strength_whatever_tells_it_apart(
    ledger: Ledger, text: str, strength: int
) -> None:
    assert (await _painted(ledger, text))[0] == strength


@pytest.mark.parametrize(
    "text",
    [
        *("too tiny haha, normal", "too small, normal please", "normalgroß", "zu klein, bitte normal"),
        *("trop petite, normale svp", "demasiado chica, normal", "troppo piccola, normale"),
        *("pequena demais, normal", "太小了,正常就行", "小さすぎ、普通で"),
    ],
)
async def test_normal_beside_a_size_is_the_usual_one(ledger: Ledger, text: str) -> None:
    assert await _painted(ledger, "small please", text) == (40, 1024, False)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "can you enlarge it?",
            "vergrößerst du es bitte?",
            "tu me l'agrandis ?",
            "Bárbaro. ¿Me la agrandás?",
        ),
        *("me la ingrandisci?", "dá pra ampliar?", "放大一点", "拡大してください"),
    ],
)
async def test_a_painting_is_enlarged(ledger: Ledger, text: str) -> None:
    assert await _painted(ledger, text) == (40, 2048, False)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        *(
            (text, 1024)
            for text in ("resend it please", "schick es mir nochmal", "renvoie-la moi", "再送してください")
        ),
        *((text, 1024) for text in ("mis vecinos quieren copia, reenvíamelo tal cual", "再发一次")),
        *((text, 512) for text in ("rimandamela piccola", "trop lourd pour mon téléphone, renvoie en petit")),
        ("reenvia em grande", 2048),
    ],
)
async def test_a_painting_is_sent_once_more(ledger: Ledger, text: str, size: int) -> None:
    assert await _painted(ledger, text) == (40, size, False)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "I'd like her true colours",
            "mit den fotoeigenen Farben, alles andere wie gehabt",
            "en couleurs réelles",
        ),
        *("con los colores verdaderos", "con i colori autentici", "quero as cores verdadeiras da água"),
        *("Ele quer a Mostarda com a cor dela de verdade", "用真实的颜色", "本物の色で"),
    ],
)
async def test_true_colours_are_those_of_the_photo(ledger: Ledger, text: str) -> None:
    assert (await _painted(ledger, text))[2]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Grand format direct, c'est pour l'afficher ce soir !!!",
            "Large format straight away, it is to hang up",
        ),
        *("Großformat direkt, zum Aufhängen", "Formato grande directo, es para colgarlo hoy"),
        *(
            "Formato grande direttamente, lo appendiamo stasera",
            "Formato grande direto, é para pendurar hoje",
        ),
    ],
)
async def test_a_size_is_wanted_at_once(ledger: Ledger, text: str) -> None:
    assert await _painted(ledger, text) == (40, 2048, False)
