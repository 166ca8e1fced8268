"""Lettering: scripts and their fonts, and texts that have to fit."""

from __future__ import annotations

import os
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pytest
from PIL import features

from styles.imaging import text_drawing as lettering
from styles.imaging.contact_sheet import framed
from styles.imaging.text_drawing import ASCENT, legible, shorten, width, write

SIZE = 40


def hide(monkeypatch: pytest.MonkeyPatch, families: tuple[str, ...], fallbacks: tuple[str, ...] = ()) -> None:
    """Leaves only these fonts."""
    monkeypatch.setattr(lettering, "FAMILIES", families)
    monkeypatch.setattr(lettering, "FALLBACKS", fallbacks)
    forget()


def forget() -> None:
    for cache in (lettering._loaders, lettering._font_of, lettering._font):
        cache.cache_clear()


@pytest.fixture(autouse=True)
def _all_fonts() -> Iterator[None]:
    yield
    forget()


def ink(text: str) -> npt.NDArray[np.bool_]:
    return np.asarray(write(text, SIZE)) > 127


def rows(text: str) -> tuple[int, int]:
    """First row with ink, and the one after the last."""
    inked = np.flatnonzero(ink(text).any(axis=1))
    return int(inked[0]), int(inked[-1]) + 1


@pytest.mark.parametrize("text", ["É", "Ǻ", "Ế", "Ё", "Ϊ", "ç", "ğ", "Ų", "لإ", "ج"])
def test_nothing_is_cut_off_above_or_below(text: str) -> None:
    top, bottom = rows(text)
    assert 0 < top < bottom < write(text, SIZE).height


def test_letters_stand_on_the_baseline() -> None:
    for letter in ("H", "Ж", "Π"):
        assert abs(rows(letter)[1] - ASCENT * SIZE) <= 1


def test_an_accent_is_drawn_whichever_way_it_is_written() -> None:
    assert np.array_equal(ink("e\N{COMBINING ACUTE ACCENT}"), ink("é"))
    assert rows("é")[0] < rows("e")[0]


@pytest.mark.parametrize(
    "text",
    [
        *("Café", "Dalí", "Œuvre", "Wałęsa", "Hammershøi – æ", "“No. 2” / VII…", "Two\nlines", "Việt Ế"),
        *("Василий Кандинский", "Δομήνικος Θεοτοκόπουλος", "Мозаїка", ""),
    ],
)
def test_latin_greek_and_cyrillic_are_always_there(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hide(monkeypatch, lettering.FAMILIES)
    assert legible(text)


@pytest.mark.parametrize("text", ["bell\a", "nowhere \U0010fffd", "富嶽 \U0010fffd"])
def test_not_legible(text: str) -> None:
    assert not legible(text)


def test_no_two_letters_look_alike() -> None:
    """A letter that its font lacks would be drawn as the same box as another one."""
    for letters in ("ДЖЯЩ", "ΔΨΩΞ", "ñőğŵ", "جشلم"):
        assert len({ink(letter).tobytes() for letter in letters}) == len(letters)


def test_each_letter_comes_from_the_first_font_that_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        hide(patch, ("Noto Sans",), ("NoSuchFont.ttf",))
        assert not legible("جشلم")
    forget()
    assert legible("Кот и جشلم")
    assert [part for _, part, _ in lettering._runs("Кот и جشلم", SIZE)] == ["Кот и ", "جشلم"]


def test_chinese_and_japanese_by_a_font_of_the_system() -> None:
    """A sheet has such a title, and not the name of its style instead."""
    if not legible("星月夜"):
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("fonts-droid-fallback is missing")
    assert len({ink(letter).tobytes() for letter in "星月夜雨の庭"}) == 6
    assert [part for _, part, _ in lettering._runs("Ночь 星月夜", SIZE)] == ["Ночь ", "星月夜"]
    pixels = np.zeros((8, 8, 3), np.uint8)
    assert framed(pixels, name="night", title="星月夜", artist="", year="").title == "星月夜"


def test_arabic_runs_from_right_to_left_with_joined_letters() -> None:
    joined, apart = ink("شم"), [ink("ش"), ink("م")]
    assert joined.shape[1] < sum(letter.shape[1] for letter in apart)
    both = ink("ش Q")  # the Latin letter, which comes last, stands at the left
    plain = ink("Q")
    left = np.flatnonzero(both.any(axis=0))[0]
    assert np.array_equal(both[:, left : left + 20], plain[:, np.flatnonzero(plain.any(axis=0))[0] :][:, :20])


@pytest.mark.parametrize(
    ("text", "from_the_left"),
    [
        ("غوخ, 1889", ["1889", ", ", "غوخ"]),
        ("ليلة (The Night) جدا", ["جدا", ") ", "The Night", "(", "ليلة "]),
        ("Night ليلة, 1889", ["Night ", "ليلة", ", 1889"]),
        ("Night ליל ליל and ليلة", ["Night ", "ליל ליל", " ", "and ", "ليلة"]),
    ],
)
def test_parts_stand_as_people_read_them(
    text: str, from_the_left: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    hide(monkeypatch, lettering.FAMILIES, ("DejaVuSans.ttf",))  # others have signs that it lacks
    assert [part for _, part, _ in lettering._runs(text, SIZE)] == from_the_left


def test_without_raqm_arabic_is_not_said_to_be_legible(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "check", lambda _: False)
    assert not legible("ليلة النجوم")
    assert legible("Звёздная ночь")


def test_a_text_that_fits_stays() -> None:
    text = "The Great Wave"
    assert shorten(text, SIZE, width(text, SIZE)) == text


@pytest.mark.parametrize("text", ["The Great Wave off Kanagawa", "Большая волна в Канагаве"])
def test_a_text_that_does_not_fit_keeps_what_fits(text: str) -> None:
    short = shorten(text, SIZE, 300)
    assert short.endswith("…")
    assert text.startswith(short[:-1])
    assert width(short, SIZE) <= 300 < width(text[: len(short) + 1] + "…", SIZE)
    assert shorten(text, SIZE, 1) == "…"


def test_a_long_text_is_cut_in_a_few_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []

    def counted(text: str, size: int) -> int:
        tried.append(text)
        return width(text, size)

    monkeypatch.setattr(lettering, "width", counted)
    assert counted(shorten("The Great Wave " * 200, SIZE, 2000), SIZE) <= 2000
    assert len(tried) < 20


def test_a_mask_is_as_wide_as_its_text() -> None:
    assert write("Udnie", SIZE).width == width("Udnie", SIZE)
    assert write("", SIZE).width == 1


def test_lines_become_one() -> None:
    assert np.array_equal(ink("Great\n  Wave\n"), ink("Great Wave"))
