"""Styles by their names in any language, artists, movements and typos."""

from __future__ import annotations

import pytest

from mailbot.intents.names.catalogue import Catalogue
from mailbot.intents.names.name_index import Grade
from styles.contract import StyleSummary
from styles.language.tokens import words
from tests.fakes.mailbot.asks import shipped

CATALOGUE = Catalogue.of(shipped())
VAN_GOGH = {"starry-night", "wheat-field", "night-cafe"}


@pytest.mark.parametrize(
    ("written", "styles"),
    [
        ("Sternennacht", {"starry-night"}),
        ("La noche estrellada", {"starry-night"}),
        ("El grito", {"the-scream"}),
        ("La grande vague", {"great-wave"}),
        ("星空", {"starry-night"}),
        ("神奈川冲浪里", {"great-wave"}),
        ("Звёздная ночь", {"starry-night"}),
        ("梵高", VAN_GOGH),
        ("van Goghs", VAN_GOGH),
        ("Ван Гог", VAN_GOGH),
        ("kubistisch", {"contrast-of-forms", "edtaonisl", "udnie", "tableau-2"}),
        ("ukiyo-e", {"great-wave"}),
        ("help", set()),
        ("Picasso", set()),
    ],
)
def test_names(written: str, styles: set[str]) -> None:
    entry = CATALOGUE.find(words(written))
    assert set(entry.styles if entry else ()) == styles


@pytest.mark.parametrize(
    ("written", "styles"),
    [
        ("stary nigth", ("starry-night",)),
        ("hokusia", ("great-wave",)),
        ("mondrain", ("tableau-2",)),
        ("lunch", None),
        ("abc", None),
    ],
)
def test_typos(written: str, styles: tuple[str, ...] | None) -> None:
    entry = CATALOGUE.typo(words(written))
    assert (entry.styles if entry else None) == styles


def test_of_two_names_that_are_equally_near_none_is_meant() -> None:
    twins = [StyleSummary(name=name, title=name, aliases={}) for name in ("mosaic-a", "mosaic-b")]
    entry = Catalogue(twins).typo(["mosaic", "c"])
    assert entry is not None
    assert (entry.grade, entry.styles) == (Grade.TYPO, ())


def test_the_best_known_has_the_most_other_names() -> None:
    named = CATALOGUE.find(("van", "gogh"))
    assert named is not None
    assert named.styles[0] == "starry-night"


def test_the_nearest_of_a_painter_from_elsewhere_share_the_movement() -> None:
    assert set(CATALOGUE.near("Picasso", "cubism")) <= {
        "contrast-of-forms",
        "edtaonisl",
        "udnie",
        "tableau-2",
    }


def test_one_catalogue_serves_until_a_style_changes() -> None:
    assert Catalogue.of(shipped()) is Catalogue.of(list(shipped()))
    assert Catalogue.of(shipped()) is not Catalogue.of(shipped()[1:])


def test_another_name_that_says_what_a_photo_shows_is_ignored() -> None:
    """A registry refuses it today; a card may have it from before."""
    sea = StyleSummary(name="sea", title="My Dog", artist="", aliases={}, other_names=("the beach", "photo"))
    found = Catalogue.of([sea])
    assert found.find(["the", "beach"]) is None
    assert found.find(["my", "dog"]) is not None


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("kanidnsky", "kandinsky"),
        ("maitsse", "matisse"),
        ("sceram", "scream"),
        ("strary", "starry"),
        ("hokussai", "hokusai"),
        ("mondrain", "mondrian"),
        ("picabbia", "picabia"),
    ],
)
def test_a_slip_of_the_hand_is_the_word_that_it_is_nearly(written: str, name: str) -> None:
    assert CATALOGUE.slip(written) == name


@pytest.mark.parametrize(
    "written", ["schrie", "contrats", "turned", "tuner", "maschine", "lettres", "matisse"]
)
def test_a_word_of_its_own_is_no_slip(written: str) -> None:
    assert CATALOGUE.slip(written) == ""
