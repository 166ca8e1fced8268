from __future__ import annotations

import pytest

from mailbot.intents.learning.orders.answered_orders import confirms, keeps


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
        "好的",
        "はい",
        "はい、お願いします",
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


@pytest.mark.parametrize("text", ["No! Stop it!", "Nein, hör auf", "stop", "Could you paint my dog?"])
def test_other_words_are_read_by_themselves(text: str) -> None:
    assert not keeps(text)
    assert not confirms(text)
