"""Hold that what limits a request in vain is repeated in the answer, and small talk is not."""

from __future__ import annotations

import pytest

from tests.fakes.mailbot.asks import paint_of


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("if it rains in the picture use great wave", "if it rains in the picture"),
        ("paint only the background in starry night please", "only the background"),
        ("make it starry night except for the dog, leave him as he is", "except for the dog"),
        ("nur den Hintergrund als Sternennacht", "nur den Hintergrund"),
        ("只把背景画成星空", "背景"),
        ("背景だけ星月夜にして", "背景"),
        ("Composición VII, y le pones un bigote a mi hermano", "bigote"),
        ("der Schrei, bitte den Hintergrund freistellen", "freistellen"),
        ("呐喊,另外背景能不能抠掉?", "抠掉"),
        ("Scream. 1500 wide.", "1500 wide"),
        ("two copies of udnie", "two copies"),
        ("udnie, 2 copies", "2 copies"),
        ("wheat field, but zoom in on the kids", "zoom in on the kids"),
        ("Udnie, toglimi le rughe", "toglimi le rughe"),
        ("the scream on my dog only", "my dog only"),
        ("udnie, head only", "head only"),
        ("starry night, finer brush strokes", "finer brush strokes"),
        ("starry night with warmer light", "warmer light"),
        ("the scream without me in it", "without me in it"),
        ("die Welle ohne mich", "ohne mich"),
        ("starry night, signed by the artist", "signed by the artist"),
        ("星空，带签名", "带签名"),
    ],
)
def test_a_limit_without_effect_is_repeated(text: str, told: str) -> None:
    assert told in " ".join(paint_of(text).not_understood)


@pytest.mark.parametrize(
    "text",
    [
        "the scream if that's possible",
        "only the scream please",
        "the great wave, but not too strong",
        "starry night, keep the colours",
        "die Welle, wenn es geht",
    ],
)
def test_small_talk_and_what_was_done_are_not_repeated(text: str) -> None:
    assert paint_of(text).not_understood == ()
