from __future__ import annotations

import pytest

from styles.formats import style_file
from styles.language.invisible_characters import hidden_character, shows_something


@pytest.mark.parametrize(
    "text",
    [
        *("The Wave", "e\u0301", "\u00d7", "\u0600\u0661"),
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian
        "\u0915\u094d\u200d\u0937",  # Devanagari
        "\U0001f469\u200d\U0001f3a8 \u2764\ufe0f 1\ufe0f\u20e3",  # emoji
        "\u845b\U000e0100\u57ce",  # a variant of a Chinese character
    ],
)
def test_what_is_seen(text: str) -> None:
    assert hidden_character(text) == ""
    assert shows_something(text)


@pytest.mark.parametrize(
    "hidden",
    [
        *("\u200b", "\ufeff", "\u061c", "\u200e", "\u2060", "\u00ad", "\u2800", "\u3164", "\U000e0041"),
        *("\0", "\x1b", "\x9b", "\u202e", "\u2066", "\u115f", "\ufff9"),
    ],
)
def test_what_nobody_sees(hidden: str) -> None:
    assert hidden_character(f"Ud{hidden}nie") == hidden
    assert hidden_character(hidden) == hidden


@pytest.mark.parametrize("text", ["Ud\u200dnie", "Ud\u200cnie", "Ud\ufe0fnie", "\u200dUdnie"])
def test_a_joiner_is_hidden_where_nothing_is_joined(text: str) -> None:
    assert hidden_character(text)


@pytest.mark.parametrize("text", ["", " ", "\u0301\u0301", "\u2800"])
def test_what_shows_nothing(text: str) -> None:
    assert not shows_something(text)


def test_no_shipped_card_hides_anything() -> None:
    for style in style_file.shipped():
        texts = (style.card.title, style.card.artist, *style.card.other_names, *style.card.tags)
        assert [text for text in texts if text and hidden_character(text)] == []
