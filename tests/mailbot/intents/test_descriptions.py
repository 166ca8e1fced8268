"""Hold that a style is found by what its painting shows, in any order of the words."""

from __future__ import annotations

import pytest

from mailbot.intents.descriptions import Descriptions, stems
from tests.fakes.mailbot.asks import shipped


@pytest.mark.parametrize(
    ("written", "style"),
    [
        ("somebody screams and there is a bridge", "the-scream"),
        ("on a bridge someone is screaming", "the-scream"),
        ("a man on a bridge", ""),
        ("a long bridge over the river", ""),
        ("蓝色海浪后面是富士山", "great-wave"),
    ],
)
def test_a_style_is_found_by_most_words_of_a_description(written: str, style: str) -> None:
    assert Descriptions(shipped()).find(written.split()) == style


def test_words_that_tell_nothing_are_no_stems() -> None:
    assert stems(["the", "picture", "screaming"]) == {"scre"}
