"""What is a question about teaching."""

from __future__ import annotations

import pytest

from mailbot.intents.learning.painters.questions import asks_how, asks_when


@pytest.mark.parametrize(
    "sentence",
    [
        "How do you learn a style",
        "How can I teach you",
        "Wie bringe ich dir ein Bild bei, damit du es lernst",
        "Comment puis-je t'apprendre un tableau",
        "¿Cómo puedo enseñarte",
        "Come posso insegnarti qualcosa",
        "Como posso te ensinar",
        "怎么教你学我的画",
        "どうやって教えればいいですか",
    ],
)
def test_a_question_how_is_asked_in_all_languages(sentence: str) -> None:
    assert asks_how([sentence])
    assert not asks_when([sentence])


@pytest.mark.parametrize(
    "sentence", ["Learn this painting", "How do I paint a tree", "How many styles are there"]
)
def test_a_wish_and_other_questions_are_none(sentence: str) -> None:
    assert not asks_how([sentence])


@pytest.mark.parametrize(
    "sentence", ["How long will it take", "Still learning", "C'est prêt quand", "いつできますか"]
)
def test_a_question_when_is_brief(sentence: str) -> None:
    assert asks_when([sentence])
    assert not asks_when([f"{sentence} {'really ' * 15}"])
