"""Numbers in words before what they count."""

from __future__ import annotations

import pytest

from styles.language.tokens import fold, tokenize
from styles.language.written_numbers import number, with_digits, with_han_digits

UNITS = {"pixels", "pixel", "prozent", "por ciento", "pour cent"}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("eighteen hundred", 1800),
        ("two thousand four hundred and fifty", 2450),
        ("zweitausendfünfhundert", 2500),
        ("siebenunddreißig", 37),
        ("quatre-vingt-dix", 90),
        ("deux mille quatre cents", 2400),
        ("veintiocho", 28),
        ("duemilaquattrocento", 2400),
        ("mil e duzentos", 1200),
        ("两千四百五十", 2450),
        ("un trenta", 0),
        ("one", 0),
        ("a few", 0),
        ("mille" * 20, 0),
    ],
)
def test_a_number_in_words_has_a_value(written: str, value: int) -> None:
    assert number(fold(written).replace(" ", "").replace("-", "")) == value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("at least eighteen hundred pixels", "at least 1800 pixels"),
        ("mit zweiundvierzig Prozent", "mit 42 prozent"),
        ("al veintiocho por ciento", "al 28 por ciento"),
        ("vingt pour ma mère", "vingt pour ma mere"),
        ("and one hundred pixel", "and 100 pixel"),
        ("one pixel", "one pixel"),
    ],
)
def test_only_a_number_before_a_unit_is_written_in_digits(text: str, expected: str) -> None:
    assert " ".join(token.text for token in with_digits(tokenize(text), UNITS)) == expected


def test_a_chinese_number_of_pixels_and_a_japanese_share_are_written_in_digits() -> None:
    assert with_han_digits("长边两千四百像素，两张") == "长边2400像素，两张"
    assert with_han_digits("星月夜を七、麦畑を三の割合で") == "星月夜を7、麦畑を3の割合で"
