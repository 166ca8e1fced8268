"""Fractions, tenths, parts and ratios are written out from forms."""

from __future__ import annotations

import pytest

from styles.language.lexicon import LANGUAGES, lexicon
from styles.language.written_shares import written_shares

FILE = {"numerals": {"1": "one", "2": "two, twain"}, "shares": {"3": "… thirds, a third", "part": "… parts"}}


def test_a_form_is_filled_with_each_number() -> None:
    shares = written_shares(FILE)
    assert shares["fractions"] == {
        "one thirds": 33,
        "1 thirds": 33,
        "two thirds": 67,
        "twain thirds": 67,
        "2 thirds": 67,
        "a third": 33,
    }
    assert shares["parts"]["twain parts"] == 2


def test_a_file_without_forms_has_none() -> None:
    assert not written_shares({"numerals": {}})


@pytest.mark.parametrize(
    ("phrase", "percent"),
    [
        ("three fifths", 60),
        ("dreiviertel", 75),
        ("tres cuartas partes", 75),
        ("三分之二", 67),
        ("二割五分", 25),
    ],
)
def test_fractions_of_the_languages(phrase: str, percent: int) -> None:
    assert lexicon(LANGUAGES).fractions[phrase] == percent


@pytest.mark.parametrize(("phrase", "percent"), [("七成", 70), ("七成五", 75), ("三成半", 35), ("八割", 80)])
def test_tenths_are_strengths(phrase: str, percent: int) -> None:
    assert lexicon(LANGUAGES).strengths[phrase] == percent


@pytest.mark.parametrize(("phrase", "percent"), [("三比二", 60), ("七三开", 70), ("三対一", 75)])
def test_ratios_are_per_cents_of_the_first(phrase: str, percent: int) -> None:
    assert lexicon(LANGUAGES).ratios[phrase] == percent
