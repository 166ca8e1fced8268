"""Names as people write them."""

from __future__ import annotations

from mailbot.intents.names.name_spellings import (
    artist_names,
    initial,
    near_kana,
    sounded,
    spellings,
    with_bare,
)


def test_a_name_stands_without_its_article() -> None:
    assert with_bare("The Scream") == [("the", "scream"), ("scream",)]
    assert with_bare("Udnie") == [("udnie",)]


def test_an_artist_has_a_surname() -> None:
    assert list(artist_names("Vincent van Gogh")) == ["vincent van gogh", "gogh", "van gogh"]
    assert list(artist_names("")) == []


def test_katakana_are_written_in_hiragana_too() -> None:
    assert spellings("ムンク") == ("ムンク", "むんく")
    assert spellings("モネ") == ("モネ",)
    assert spellings("munch") == ("munch",)


def test_names_begin_with_the_same_sound() -> None:
    assert initial("candinsky") == initial("kandinsky")
    assert initial("ocusai") == initial("hokusai")
    assert initial("munch") != initial("lunch")


def test_a_long_japanese_name_may_have_one_slip() -> None:
    names = [sounded(name) for name in ("モンドリアン", "ムンク")]
    assert near_kana("モンドリヤーン", names) == names[0]
    assert near_kana("ムンチ", names) == ""
