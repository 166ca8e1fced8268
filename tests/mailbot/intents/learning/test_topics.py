from __future__ import annotations

import pytest

from mailbot.intents.learning.topics import is_about_learning
from tests.fakes.mailbot.parsing.asking import asks


@pytest.mark.parametrize(
    "text",
    [
        "How can I teach you?",
        "Please don't learn this, just paint it",
        "learn both",
        "Make my painting available as a style please!",
        "Wie kann ich dir meine Bilder beibringen?",
        "Kannst du meinen Stil lernen?",
        "Bitte nicht lernen, nur malen",
        "Comment puis-je t'enseigner mon style ?",
        "N'apprends pas ce tableau",
        "¿Puedes aprender mi estilo?",
        "Puoi imparare dal mio quadro?",
        "Você pode aprender o meu estilo?",
        "你能学习我的画吗？",
        "私の絵を学習できますか？",
    ],
)
def test_a_mail_about_learning_is_told_also_where_it_asks_or_refuses(text: str) -> None:
    assert is_about_learning(asks("hello", text, photos=0))
    assert is_about_learning(asks(text, "", photos=1))


@pytest.mark.parametrize(
    "text",
    ["mosaic", "The Scream please, big", "Unser Hund am See", "la ola, por favor", "星月夜でお願いします"],
)
def test_a_wish_for_a_painting_is_not_about_learning(text: str) -> None:
    assert not is_about_learning(asks("hello", text, photos=1))
