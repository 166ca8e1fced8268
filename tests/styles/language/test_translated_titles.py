"""Titles of a painting in other languages."""

from __future__ import annotations

import pytest

from mailbot.intents.command_types import Paint
from mailbot.intents.names.catalogue import Catalogue
from mailbot.languages.translator import translator
from mailbot.replies.choice_wording import about_choice
from mailbot.replies.style_wording import named, title_of
from styles.contract import StyleSummary
from styles.language.translated_titles import title_in, unmarked
from tests.fakes.mailbot.asks import shipped

NIGHT = StyleSummary(
    name="starry-night",
    title="The Starry Night",
    artist="Vincent van Gogh",
    other_names=("Swirly Sky", "Die Sternennacht [de]", "Nacht [de]", "星月夜[ja]"),
    aliases={},
)


def test_a_name_has_the_code_of_its_language_behind_it() -> None:
    assert unmarked("Die Sternennacht [de]") == "Die Sternennacht"
    assert unmarked("星月夜[ja]") == "星月夜"
    assert unmarked("Swirly Sky") == "Swirly Sky"
    assert unmarked("[de]") == "[de]"


def test_an_answer_shows_the_title_in_its_language() -> None:
    assert [title_in(NIGHT, code) for code in ("de", "ja", "fr", "en")] == [
        "Die Sternennacht",
        "星月夜",
        "The Starry Night",
        "The Starry Night",
    ]
    assert named(translator("de"), "starry-night", [NIGHT]) == "Die Sternennacht von Vincent van Gogh"
    assert title_of(translator("de"), "starry-night", [NIGHT]) == "Die Sternennacht"
    assert title_of(translator("de"), "unlisted", [NIGHT]) == "unlisted"
    assert about_choice(translator("en"), Paint(jobs=())) == ""


def test_a_marked_name_is_found_as_any_other() -> None:
    found = Catalogue.of([NIGHT]).find(["sternennacht"])
    assert found is not None
    assert found.styles == ("starry-night",)


@pytest.mark.parametrize("code", ["de", "fr", "es", "it", "pt", "zh", "ja"])
def test_the_shipped_styles_have_titles_in_each_language(code: str) -> None:
    same = {
        "composition-vii",
        "udnie",
        "edtaonisl",
        "tableau-2",
    }  # titles that some languages leave as they are
    assert all(title_in(style, code) != style.title for style in shipped() if style.name not in same)
