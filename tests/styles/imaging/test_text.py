"""Lettering: accents that the font lacks, and texts that have to fit."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from styles.imaging.text import ASCENT, legible, shorten, width, write

SIZE = 40


def ink(text: str) -> npt.NDArray[np.bool_]:
    return np.asarray(write(text, SIZE)) > 127


def rows(text: str) -> tuple[int, int]:
    """First row with ink, and the one after the last."""
    inked = np.flatnonzero(ink(text).any(axis=1))
    return int(inked[0]), int(inked[-1]) + 1


@pytest.mark.parametrize(
    ("accented", "plain", "like"),
    [("é", "e", "e"), ("ü", "u", "u"), ("å", "a", "a"), ("í", "i", "n"), ("É", "E", "E"), ("ő", "o", "o")],
)
def test_an_accent_stands_above_its_letter(accented: str, plain: str, like: str) -> None:
    top = rows(like)[0]  # of `i` without its dot
    assert rows(accented)[0] <= top - 0.1 * SIZE
    assert rows(accented)[0] > 0  # and is not cut off
    assert np.array_equal(ink(accented)[top + 1 :], ink(plain)[top + 1 :])


def test_an_accent_takes_the_place_of_the_dot() -> None:
    def runs(text: str) -> int:
        column = ink(text)[:, ink(text).shape[1] // 2]
        return int(np.count_nonzero(np.diff(column.astype(int)) == 1))

    assert runs("i") == 2  # the dot and the stem
    assert runs("ï") == 1  # between the two dots there is none


def test_a_cedilla_stands_below() -> None:
    assert rows("ç")[1] > ASCENT * SIZE + 0.1 * SIZE > rows("c")[1]
    assert rows("ç")[0] == rows("c")[0]


@pytest.mark.parametrize(
    ("text", "plain"), [("The Night Café", "The Night Cafe"), ("Hammershøi – æ", "Hammershoi - ae")]
)
def test_an_accent_takes_no_room(text: str, plain: str) -> None:
    assert width(text, SIZE) == width(plain, SIZE)


@pytest.mark.parametrize(
    "text", ["Café", "Fernand Léger", "Dalí", "Œuvre", "Wałęsa", "Two\nlines", "“No. 2” / VII…", ""]
)
def test_legible(text: str) -> None:
    assert legible(text)


@pytest.mark.parametrize("text", ["富嶽三十六景", "Кандинский", "Great Wave 波", "bell\a"])
def test_not_legible(text: str) -> None:
    assert not legible(text)


def test_a_text_that_fits_stays() -> None:
    text = "The Great Wave"
    assert shorten(text, SIZE, width(text, SIZE)) == text


def test_a_text_that_does_not_fit_keeps_what_fits() -> None:
    text = "The Great Wave off Kanagawa"
    short = shorten(text, SIZE, 300)
    assert short.endswith("…")
    assert text.startswith(short[:-1])
    assert width(short, SIZE) <= 300 < width(text[: len(short) + 1] + "…", SIZE)
    assert shorten(text, SIZE, 1) == "…"


def test_a_mask_is_as_wide_as_its_text() -> None:
    assert write("Udnie", SIZE).width == width("Udnie", SIZE)
    assert write("", SIZE).width == 1


def test_lines_become_one() -> None:
    assert np.array_equal(ink("Great\n  Wave\n"), ink("Great Wave"))
