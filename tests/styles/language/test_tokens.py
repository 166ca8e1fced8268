"""How text is split into words, in every script."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from styles.language.tokens import fold, key, segment, split, tokenize, words
from styles.language.wrapped_lines import unwrapped


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Café", "cafe"),
        ("ＭＯＳＡＩＣ", "mosaic"),
        ("große Straße", "grosse strasse"),
        ("ゴッホ", "ゴッホ"),
        ("Звёздная", "звездная"),
        ("Naufrágio", "naufragio"),
    ],
)
def test_folding(written: str, folded: str) -> None:
    assert fold(written) == folded


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("Picabia's Edtaonisl", ["picabia", "edtaonisl"]),
        ("l'urlo, n’importe", ["l", "urlo", "n", "importe"]),
        ("don't; I'd", ["dont", "id"]),
        ("surprends-moi great_wave", ["surprends", "moi", "great", "wave"]),
        ("0.6 2000px 60%", ["0.6", "2000", "px", "60"]),
        ("20x30cm, 20 × 30 cm", ["20", "x", "30", "cm", "20", "30", "cm"]),
        ("starrynight60%", ["starrynight", "60"]),
        ("「おめでとう」と文字を", ["「おめでとう」", "と文字を"]),
        ("「叫び」と「星月夜」", ["叫び", "と", "星月夜"]),
    ],
)
def test_words(written: str, found: list[str]) -> None:
    assert words(written) == found


def test_chinese_and_japanese_are_cut_at_known_words() -> None:
    known = {"星空", "请", "画成", "的", "的风格"}
    assert [token.text for token in segment(tokenize("请把它画成星空的风格!"), known)] == [
        *("请", "把它", "画成", "星空", "的风格"),
        "!",
    ]


@given(st.text(alphabet="aZéÖßÿ 1'x%½"))
def test_the_key_of_plain_words_is_that_of_their_tokens(text: str) -> None:
    assert key(text) == " ".join(token.text for token in tokenize(text))


def test_a_phrase_has_one_key_however_it_is_written() -> None:
    assert key("  Black &  White ") == key("black & white") == "black & white"


def test_sentences_end_at_marks_but_not_within_names() -> None:
    text = "Hi J. M. W. Turner! Tableau No. 2 please. 0.6\nDr. Who"
    found = ["".join(token.raw for token in sentence) for _, sentence in split(tokenize(text))]
    assert found == ["HiJ.M.W.Turner!", "TableauNo.2please.", "0.6", "DrWho"]


def test_lines_that_a_program_wrapped_are_one_sentence() -> None:
    wrapped = "Would you be so kind as to paint this photograph of my mother as the\nstarry night please?"
    assert len(list(split(tokenize(unwrapped(wrapped))))) == 1
    assert len(list(split(tokenize(unwrapped("starry night\nthe scream"))))) == 2


@given(st.text(max_size=500))
def test_any_text_is_split(text: str) -> None:
    tokens = segment(tokenize(text), {"星空"})
    assert all(token.text for token in tokens if token.is_word)
    assert sum(len(sentence) for _, sentence in split(tokens)) <= len(tokens)


def test_an_emoji_is_a_pause_within_a_line_and_leaves_its_end() -> None:
    assert [token.text for token in tokenize("udnie 😊 my dog")] == ["udnie", ",", "my", "dog"]
    lines = [[token.text for token in tokens] for _, tokens in split(tokenize("udnie 😊\n\nsee below"))]
    assert lines == [["udnie"], ["see", "below"]]


@pytest.mark.parametrize("mark", ["…", ".", "!", "?"])
def test_a_row_of_marks_has_no_sentence_for_each(mark: str) -> None:
    assert len(list(split(tokenize("wow" + mark * 4_000)))) <= len(list(split(tokenize(f"wow{mark * 3}"))))
