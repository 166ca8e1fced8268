"""Numbers in replies that a wish is for, in eight languages."""

from __future__ import annotations

import pytest

from mailbot.intents.changes.change_amounts import Amounts
from mailbot.intents.changes.relative_changes import read_change
from mailbot.intents.names.catalogue import Catalogue
from tests.fakes.mailbot.mails import STYLES


def read_amounts(text: str) -> Amounts:
    return read_change(text, Catalogue.of(STYLES)).amounts


@pytest.mark.parametrize(
    "text",
    ["at 40 please", "make it 40", "I'd like it at 40", "could you do it at 40?", "turn it down to 40",
     "lieber bei 40", "nochmal mit 40 bitte", "auf 40 runter", "back to 40", "strength at 40 looks good",
     "fahr mal auf 40 runter", "Opa bitte auf 40", "on peut monter à 40", "torna al 40", "vuelve a 40"],
)  # fmt: skip
def test_a_number_in_a_wish_is_the_strength(text: str) -> None:
    assert read_amounts(text) == Amounts(level=40)


@pytest.mark.parametrize(
    "text",
    ["lass mal 60", "lass es mal 60 sein", "der Chef hätte gern 60", "auch 60, sonst ist sie beleidigt",
     "she wants 60 and in this house she decides", "60 he reckons", "try 60 so they recognise me",
     "tata préfère la sienne en 60 en fait", "mets 60 sinon on me reconnaît pas", "laisse 60",
     "al bebé un 60 nomás pobrecito", "mi padre quiere 60", "metti 60 che se no non mi riconoscono",
     "mio padre invece ne vuole 60", "Zia Pina trova la sua troppo accesa: 60.", "anche lei 60",
     "põe 60 senão ninguém me reconhece", "minha mãe prefere 60", "改60吧", "她喜欢60的那个",
     "これ60%だとどうなる？", "普通の顔だわw 60で", "60パーでも見たい", "推しの顔消えたｗ 60に戻す",
     "60のほうがいいな", "母は60がいいって"],
)  # fmt: skip
def test_a_number_that_is_wished_is_the_strength(text: str) -> None:
    assert read_amounts(text) == Amounts(level=60)


@pytest.mark.parametrize(
    "text",
    ["make it 60 for grandma", "jetzt 60 bitte", "mets 60 pour mamie", "ponle 60 para la abuela",
     "mettila a 60 per la nonna", "põe 60 pra vovó", "我要60", "母は60が好き",
     "no, make it 60", "why not try 60"],
)  # fmt: skip
def test_a_wish_may_say_for_whom_or_begin_with_a_no(text: str) -> None:
    assert read_amounts(text) == Amounts(level=60)
