"""Hold that words find the painting that shows what they say, in the eight languages."""

from __future__ import annotations

import pytest

from mailbot.intents.names.painting_features import PaintingFeatures, are_alike
from tests.fakes.mailbot.asks import shipped


@pytest.mark.parametrize(
    ("text", "style"),
    [
        (
            "a pub indoors, lamps that buzz, drunks at the tables and green billiards",
            "night-cafe",
        ),
        ("ein kahler Mensch auf dem Steg, der die Hände an die Wangen hält, Abendrot", "the-scream"),
        ("un navire qui chavire, des canots, des embruns", "shipwreck-of-the-minotaur"),
        ("cilindros, conos y bordes negros como máquinas", "contrast-of-forms"),
        ("chiazze tonde color salmone, ambra e viola", "edtaonisl"),
        ("uma bailarina em planos creme e cinzentos", "udnie"),
        ("浪尖像爪子,三条小船,远处富士山", "great-wave"),
        ("灰色と黄土色のマス目に黒い線", "tableau-2"),
    ],
)
def test_what_is_seen_finds_the_painting(text: str, style: str) -> None:
    fit = PaintingFeatures(shipped()).fit(text)
    assert fit is not None
    assert fit.style == style
    assert fit.weight > 2.5
    assert fit.lead > 1


@pytest.mark.parametrize(
    ("one", "other", "is_one"),
    [
        ("swirling", "swirls", True),
        ("wirbel", "wirbelhimmel", True),  # a compound
        ("estampa", "esta", False),
        ("passerelle", "passer", True),
        ("dame", "damals", False),
    ],
)
def test_forms_of_a_word_are_one_feature(one: str, other: str, is_one: bool) -> None:
    assert are_alike(one, other) is is_one


def test_a_feature_of_many_styles_weighs_less() -> None:
    features = PaintingFeatures(shipped())
    red, snowy = features.fit("red"), features.fit("billiards")
    assert red is not None
    assert snowy is not None
    assert red.weight < snowy.weight


def test_words_that_no_card_has_fit_nothing() -> None:
    assert PaintingFeatures(shipped()).fit("xylophone quorum") is None


def test_words_of_titles_and_artists_are_left_out() -> None:
    features = PaintingFeatures(shipped())
    assert features.untitled("the yellow wheat field") == "the yellow"
    assert features.untitled("holding his face") == "holding his face"
    assert features.untitled("Hokusai") == ""
