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


def test_a_rating_is_no_strength() -> None:
    assert not amounts_of("on a scale of 1 to 10 that's a 10").is_any
