from __future__ import annotations

import pytest

from mailbot.intents.learning.orders.answered_orders import confirms, keeps, leans_to_yes


@pytest.mark.parametrize(
    "text",
    [
        "yes",
        "Yes, please",
        "yes, call it that",
        "ja",
        "Ja bitte",
        "oui",
        "sí",
        "Sì, grazie",
        "sim",
        "是",
        "是的",
        "はい",
        "はい、お願いします",
        "Yes, thank you!",
        "Sure, go ahead",
        "Oui, vas-y",
        "ja, mach das",
        "是的，谢谢",
        "はい、ありがとう",
        "yes\n\nAnn Teacher",
        "Oui !\nMerci beaucoup\nAnn",
    ],
)
def test_a_yes_confirms(text: str) -> None:
    assert confirms(text)
    assert not keeps(text)


@pytest.mark.parametrize(
    "text",
    [
        "no",
        "No, thank you",
        "no, leave it",
        "No, go on!",
        "go on please",
        "keep it",
        "Nein",
        "nein, mach weiter",
        "Bitte nicht",
        "non, continue",
        "Garde-le",
        "no, déjalo así",
        "sigue",
        "no, continua",
        "não, deixa assim",
        "不，继续",
        "不要",
        "いいえ",
        "そのままで",
        "続けてください",
    ],
)
def test_a_no_keeps_everything(text: str) -> None:
    assert keeps(text)
    assert not confirms(text)


@pytest.mark.parametrize(
    "text",
    [
        "ok!",
        "Ok, thank you!",
        "OK, I'll think about it.",
        "Yes, but not now.",
        "Yes, call it Moss",
        "Yes, I love it",
        "Yes I like it",
        "yes. Actually no",
        "Yes, keep it",
        "Yes\nbut not now",
        "Yes\nLater",
        "Yes?",
        "Sure, later",
        "Sure, as if",
        "Yeah, right",
        "Ja, toll",
        "Ja, aber noch nicht",
        "Na gut",
        "Oui, mais pas maintenant",
        "Oui, c'est magnifique",
        "D'accord",
        "Sí, qué bonito",
        "Sí, pero mañana",
        "Vale",
        "Sì, bellissimo",
        "Sì, ma non ora",
        "Va bene",
        "Sim, adorei",
        "Sim, mas não agora",
        "Está bem",
        "好的",
        "是的，很漂亮",
        "是的，但是现在不",
        "はい、素敵です",
        "はい、でもまだです",
        "了解です",
    ],
)
def test_a_yes_with_something_else_and_an_ok_confirm_nothing(text: str) -> None:
    assert not confirms(text)
    assert not keeps(text)


@pytest.mark.parametrize(
    "text", ["ok!", "Yes, but not now.", "Ja, toll", "Sí, qué bonito", "好的", "はい、素敵です"]
)
def test_what_may_be_a_yes_is_asked_once_more(text: str) -> None:
    assert leans_to_yes(text)


@pytest.mark.parametrize(
    "text", ["No, I don't want that", "No, forget it", "No, I changed my mind", "no way"]
)
def test_a_refusal_behind_a_no_is_no_order(text: str) -> None:
    assert keeps(text)


@pytest.mark.parametrize(
    "text",
    [
        "No, call it Moss",
        "No, delete it",
        "No problem, delete it",
        "Nein, lösche es",
        "Non, supprime-le",
        "No, bórralo",
        "No, cancellalo",
        "Não, apague",
        "不，删掉它",
        "いいえ、消してください",
        "No, the other way round",
    ],
)
def test_an_order_behind_a_no_is_followed(text: str) -> None:
    assert not keeps(text)
    assert not confirms(text)


@pytest.mark.parametrize("text", ["No! Stop it!", "Nein, hör auf", "stop", "Could you paint my dog?"])
def test_other_words_are_read_by_themselves(text: str) -> None:
    assert not keeps(text)
    assert not confirms(text)
