from __future__ import annotations

import pytest

from mailbot.intents.learning.refused_stops import refuses_to_stop
from styles.language.lexicon import lexicon
from styles.language.tokens import segment, tokenize


def words(text: str) -> list[str]:
    return [token.text for token in segment(tokenize(text), lexicon().runs) if token.is_word]


@pytest.mark.parametrize(
    "text",
    [
        *("don't stop", "please never stop sending me mails", "do not cancel it"),
        *("I can't stop looking at it", "we couldn't stop", "I won't stop"),
        *("Hör nicht auf", "bitte nicht abbrechen", "n'arrête pas de m'écrire", "ne l'annule pas"),
        *("no pares", "no lo canceles", "non smettere", "não pare", "nunca pares"),
        *("不要停", "别再停", "请不要取消", "やめないで", "停止しないでください"),
    ],
)
def test_a_clause_that_refuses_to_stop_is_told(text: str) -> None:
    assert refuses_to_stop(words(text))


@pytest.mark.parametrize(
    "text",
    [
        *("stop", "Nein stopp", "please stop it now", "I do not want it, stop", "arrête", "je veux arrêter"),
        *("why can't you stop", "I can't see it, stop"),
        *("para ya", "smettila", "pare", "停止", "请取消", "やめてください", "je ne veux plus de mails"),
    ],
)
def test_a_stop_refuses_nothing(text: str) -> None:
    assert not refuses_to_stop(words(text))
