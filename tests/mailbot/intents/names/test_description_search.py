"""Hold that a style is found by what its painting shows, in any order of the words."""

from __future__ import annotations

import pytest

from mailbot.intents.names.description_search import Descriptions, stems
from styles.language.tokens import words
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


@pytest.mark.parametrize(
    ("written", "styles"),
    [
        ("dutch sky", {"starry-night"}),
        ("dutch ear", {"starry-night", "wheat-field", "night-cafe"}),  # of one artist
        ("yellow field", {"wheat-field"}),
        ("kästchen", {"tableau-2"}),
        ("painter", set()),  # of many
        ("dog garden", set()),
        ("sky with my dog and our garden", set()),  # most of it is about something else
    ],
)
def test_words_of_different_names_are_weighed_together(written: str, styles: set[str]) -> None:
    assert set(Descriptions(shipped()).guess(words(written))) == styles


@pytest.mark.parametrize(
    ("written", "styles"),
    [
        ("can you make my hamster swirly with the stars and the moon", {"starry-night"}),
        ("Ein Seestück mit Sturm und Gischt wäre ideal", {"shipwreck-of-the-minotaur"}),
        ("les tubes et les cônes cernés de noir pour mon fils", {"contrast-of-forms"}),
        ("今天天气真好", set()),  # single characters that it shares by chance
        ("we had a wonderful day at the lake with the children", set()),
    ],
)
def test_several_words_hint_at_a_style_among_others(written: str, styles: set[str]) -> None:
    assert set(Descriptions(shipped()).hint(words(written))) == styles


def test_words_choose_among_the_styles_of_an_artist() -> None:
    descriptions = Descriptions(shipped())
    assert descriptions.fitting(["starry-night", "night-cafe"], ["etoiles"]) == "starry-night"
    assert descriptions.fitting(["starry-night", "night-cafe"], ["night"]) == ""
