from __future__ import annotations

import pytest

from styles.formats import style_file
from styles.language.reserved_names import is_ordinary, is_reserved, looks_like


@pytest.mark.parametrize(
    "phrase",
    [
        "help",
        "styles",
        "photo",
        "img 1234",
        "nice",
        "please paint this",
        "60 percent",
        "helpme",
        "2photos",
        "thankyou",
        "help  me",
        "surprise me",
        "surpriseme",
        "all styles",
        "big",
        "full size",
        "stop",
        "delete my photos",
        "random photo",
        "photo of me",
        "and",
        "re",
        "fwd",
        "aw",
        "wg",
        "delete",
        "löschen",
        "supprimer",
        "live",
        "keep the colors",
        "danke",
        "ola",
        "hola",
        "ai",
        "谢谢",
        "",
    ],
)
def test_what_means_something_else(phrase: str) -> None:
    assert is_reserved(phrase)


@pytest.mark.parametrize(
    "name",
    ["anime", "picasso", "eye", "ballet", "big bang", "stop motion", "small world", "sheet music"],
)
def test_what_can_be_a_style(name: str) -> None:
    assert not is_reserved(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("great-wave", "greatwave"),
        ("great-wave", "great--wave-"),
        ("udnie", "udn-ie"),
        ("color", "c0lor"),
        ("tableau", "tab1eau"),
        ("modern", "modem"),
        ("udnie", "udn1e"),
        ("udnie", "udnle"),
    ],
)
def test_names_that_are_confused(one: str, other: str) -> None:
    assert looks_like(one) == looks_like(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("tableau-2", "tableau-3"), ("candy", "sandy"), ("wave", "waves"), ("lite-1-1", "lite-11")],
)
def test_names_that_are_told_apart(one: str, other: str) -> None:
    assert looks_like(one) != looks_like(other)


def test_no_shipped_style_does() -> None:
    cards = [style.card for style in style_file.shipped()]
    assert cards
    names = [name for card in cards for name in (card.name.replace("-", " "), *card.other_names)]
    assert [name for name in names if is_reserved(name)] == []


@pytest.mark.parametrize(
    "phrase",
    ["photo", "the beach", "my dog", "Sunset", "la playa", "mi perro", "der Strand", "海", "family photo"],
)
def test_what_only_says_what_a_photo_shows(phrase: str) -> None:
    assert is_ordinary(phrase)


@pytest.mark.parametrize(
    "phrase", ["la gran ola", "beach in blue", "the beach of Étretat", "night café", "wave"]
)
def test_what_says_more_than_what_a_photo_shows(phrase: str) -> None:
    assert not is_ordinary(phrase)


def test_no_other_name_of_a_shipped_style_is_ordinary() -> None:
    names = [name for style in style_file.shipped() for name in style.card.other_names]
    assert [name for name in names if is_ordinary(name)] == []
