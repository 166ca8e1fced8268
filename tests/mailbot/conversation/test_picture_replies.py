"""A reply that says something else of each picture is split."""

from __future__ import annotations

import pytest

from mailbot.conversation.picture_replies import by_picture
from mailbot.intents.names.catalogue import Catalogue
from tests.fakes.mailbot.asks import shipped


@pytest.mark.parametrize(
    ("text", "pictures"),
    [
        ("first one bigger, second one smaller", [(0,), (1,)]),
        ("The first one is great, but the second one is too dark.", [(0,), (1,)]),
        ("the first bigger and the third in udnie", [(0,), (2,)]),
        ("the first one at 40%, the others at 80%", [(0,), (1, 2)]),
        ("the middle one at 40% and the last one smaller", [(1,), (2,)]),
        ("die erste größer, die zweite kleiner", [(0,), (1,)]),
        ("das erste stärker und das zweite schwächer", [(0,), (1,)]),
        ("la première plus grande, la deuxième plus petite", [(0,), (1,)]),
        ("la primera más grande y la segunda más pequeña", [(0,), (1,)]),
        ("la prima più grande, la seconda più piccola", [(0,), (1,)]),
        ("a primeira maior, a segunda menor", [(0,), (1,)]),
        ("第一张大一点，第二张小一点", [(0,), (1,)]),
        ("1枚目は大きく、2枚目は小さくしてください", [(0,), (1,)]),
        ("the first and the second bigger", [(0, 1)]),
        ("the first, the second bigger", [(0, 1)]),
        ("the fifth one bigger, the first one smaller", [(), (0,)]),
        ("stronger please", []),
    ],
)
def test_each_picture_has_its_own_words(text: str, pictures: list[tuple[int, ...]]) -> None:
    assert [each.pictures for each in by_picture(text, Catalogue.of(shipped()), 3)] == pictures


def test_what_is_said_of_all_is_said_of_each() -> None:
    found = by_picture(
        "In the scream please. The first one bigger, the second one smaller.", Catalogue.of(shipped()), 2
    )
    assert [" ".join(each.text.split()) for each in found] == [
        "In the scream please. The first one bigger,",
        "In the scream please. the second one smaller.",
    ]
