"""Underpaintings: as a style file keeps them, and as they are laid: fainter beside detail, alike in parts."""

from __future__ import annotations

import numpy as np
import pytest

from styles.formats.style_file import KEPT_SHAPE, NEUTRAL
from styles.imaging import quilting
from styles.imaging.codec import Pixels
from styles.imaging.underpainting import (
    DEVIATION,
    LEAST,
    MOST,
    MOST_CONTRAST,
    SIDE,
    SQUARE,
    kept_of,
    lay_under,
    mixed,
    underpainting_of,
)
from tests.fakes.learning.paintings import painted
from tests.fakes.styles.style_files import random_underpainting

FORMS = underpainting_of(random_underpainting())
GREY = np.full((160, 200, 3), 128, np.uint8)


def photo(height: int, width: int) -> Pixels:
    """Even above, and grey noise below."""
    pixels = np.full((height, width, 3), 140, np.uint8)
    below = pixels[height // 2 :]
    below[...] = np.random.default_rng(3).integers(0, 256, (*below.shape[:2], 1), dtype=np.uint8)
    return pixels


def changed(before: Pixels, after: Pixels) -> float:
    """Mean change, of 255 levels."""
    return float(np.abs(after.astype(int) - before).mean())


@pytest.fixture
def few_patches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes textures fast, and not well."""
    monkeypatch.setattr(quilting, "LEAST_STEP", 128)
    monkeypatch.setattr(quilting, "TRIED", 4)


@pytest.mark.usefixtures("few_patches")
def test_a_kept_texture_is_neutral_and_has_one_contrast() -> None:
    kept = kept_of(np.asarray(painted(1, (360, 280))))
    assert kept.shape == KEPT_SHAPE
    assert kept.dtype == np.uint8
    assert kept.mean() == pytest.approx(NEUTRAL, abs=0.5)
    assert kept.std() == pytest.approx(DEVIATION, rel=0.02)


@pytest.mark.usefixtures("few_patches")
def test_a_flat_painting_has_no_forms_and_a_faint_one_faint_ones() -> None:
    flat = np.full((200, 300, 3), 77, np.uint8)
    assert np.array_equal(kept_of(flat), np.full(KEPT_SHAPE, NEUTRAL))
    faint = flat + np.random.default_rng(0).integers(0, 9, flat.shape, dtype=np.uint8)
    assert 1 < kept_of(faint).std() < MOST_CONTRAST * faint.std()


def test_the_edges_of_a_kept_texture_join_when_it_is_enlarged() -> None:
    squares = np.roll(random_underpainting(), (5, 9), (0, 1))  # no square ends at an edge
    twice = np.tile(underpainting_of(squares), (2, 2, 1)).astype(int)
    for each in (twice, twice.transpose(1, 0, 2)):
        assert np.abs(np.diff(each[SIDE - 3 : SIDE + 3], axis=0)).mean() < 1


def test_a_mix_of_two_has_forms_of_both_at_the_contrast_of_one() -> None:
    forms = [FORMS, underpainting_of(random_underpainting(1))]
    mix, *parts = (each[::16, ::16].ravel() for each in (mixed(forms, [0.7, 0.3]), *forms))
    assert mix.std() == pytest.approx(parts[0].std(), rel=0.05)
    likeness = [np.corrcoef(mix, part)[0, 1] for part in parts]
    assert likeness == pytest.approx([0.7 / 0.58**0.5, 0.3 / 0.58**0.5], abs=0.05)
    assert np.array_equal(mixed([FORMS], [1.0]), FORMS)
    faint = mixed(forms, [0.35, 0.15])  # the other half has no forms
    assert faint[::16, ::16].std() == pytest.approx(mix.std() / 2, rel=0.05)


def test_forms_are_laid_in_full_where_a_photo_is_even_and_faintly_where_it_has_detail() -> None:
    before = photo(240, 200)
    after = lay_under(before, FORMS, (0, 0))
    assert np.array_equal(after[:64].astype(int) - 140, FORMS[:64, :200])
    noise, forms = before[128:].astype(int), FORMS[128:240, :200].astype(int)
    inside = (noise > 60) & (noise < 195)  # where nothing is cut off
    faint = (forms * LEAST // MOST)[inside]
    assert np.array_equal((after[128:] - noise)[inside], faint)


def test_an_edge_keeps_both_its_sides() -> None:
    before = GREY.copy()
    before[:, 100:] = 200
    shift = np.abs(lay_under(before, FORMS, (0, 0)).astype(int) - before).mean(axis=(0, 2))
    wanted = np.abs(FORMS[:160, :200].astype(int)).mean(axis=(0, 2))
    share = shift / wanted
    assert share[88:112].max() < 0.6  # in the squares beside it too
    assert share[:40].min() > 0.99


@pytest.mark.parametrize("level", [0, 255])
def test_black_and_white_show_both_halves_of_the_forms(level: int) -> None:
    after = lay_under(np.full((160, 200, 3), level, np.uint8), FORMS, (0, 0)).astype(int)
    forms = FORMS[:160, :200]
    usual = np.median(after[np.abs(forms) <= 1])
    assert (after[forms > 20] > usual + 15).all()
    assert (after[forms < -20] < usual - 15).all()


def test_a_part_is_laid_as_in_the_whole() -> None:
    whole = np.full((SIDE + 160, SIDE + 200, 3), 90, np.uint8)
    whole[SIDE + 80 :, SIDE + 90 :] = 170
    laid = lay_under(whole, FORMS, (0, 0))
    top, left = SIDE - 8 * SQUARE, SIDE - 10 * SQUARE  # over the end of the texture
    part = lay_under(whole[top:, left:], FORMS, (top, left))
    near = 6 * SQUARE  # squares at its edges have not the same ones beside them
    assert np.array_equal(part[near:, near:], laid[top + near :, left + near :])
    again = lay_under(whole[top:, left:], FORMS, (SIDE + top, left))
    assert np.array_equal(again, part)


@pytest.mark.parametrize(("height", "width"), [(1, 1), (3, 70), (33, 7), (8, 17)])
def test_photos_of_odd_sizes_get_forms_and_are_left_as_they_were(height: int, width: int) -> None:
    before = np.full((height, width, 3), 128, np.uint8)
    after = lay_under(before, FORMS, (40, 50))
    assert np.array_equal(after.astype(int) - 128, FORMS[40 : 40 + height, 50 : 50 + width])
    assert (before == 128).all()


def test_it_does_not_matter_how_a_photo_lies_in_memory() -> None:
    before = photo(60, 90)
    after = lay_under(before, FORMS)
    assert changed(before, after) > 5
    assert np.array_equal(lay_under(np.asfortranarray(before), FORMS), after)
    wide = np.repeat(before, 2, axis=1)
    assert np.array_equal(lay_under(wide[:, ::2], FORMS), after)


def test_a_photo_has_a_place_of_its_own_in_the_texture() -> None:
    one, other = photo(60, 90), photo(60, 90)[::-1]
    after, again, elsewhere = (lay_under(each, FORMS) for each in (one, one.copy(), other))
    assert np.array_equal(after, again)
    assert not np.array_equal(after, elsewhere[::-1])


def test_the_detail_of_a_dim_photo_counts_as_that_of_a_bright_one() -> None:
    dim = np.full((160, 200, 3), 60, np.uint8)
    dim[60:100:2, 80:120] = 68
    bright = dim.copy()
    bright[:16] = 255  # so that the whole photo has contrast
    inside = np.s_[72:88, 92:108]
    moved = [
        np.abs(lay_under(each, FORMS, (0, 0)).astype(int) - each)[inside].mean() for each in (dim, bright)
    ]
    assert moved[0] < 0.5 * moved[1]


def test_forms_grow_with_the_photo() -> None:
    large = np.full((64, 2 * SIDE, 3), 128, np.uint8)
    forms = lay_under(large, FORMS, (0, 0)).astype(int) - 128
    halves = forms[:, :SIDE].ravel(), forms[:, SIDE:].ravel()
    assert abs(np.corrcoef(*halves)[0, 1]) < 0.5  # it was 1: the texture came twice
    small = forms.reshape(32, 2, SIDE, 2, 3).mean((1, 3))
    assert np.corrcoef(small.ravel(), FORMS[:32].astype(int).ravel())[0, 1] > 0.9


def test_soft_light_on_skin_is_detail() -> None:
    def seen(colour: tuple[int, int, int]) -> float:
        soft = photo(320, 200)
        waves = 3 * np.sin(np.arange(200) / 2)
        soft[:100] = np.add.outer(waves, colour).round()
        return changed(soft[:80], lay_under(soft, FORMS)[:80])

    assert seen((198, 150, 132)) < 0.4 * seen((132, 150, 198))  # skin, and a sky as bright


def test_pieces_of_an_unknown_painting_are_turned_and_those_of_a_known_one_are_not() -> None:
    upright = np.zeros((200, 240, 3), np.uint8)
    upright[:, ::20] = upright[:, 1::20] = upright[:, 2::20] = 255

    def level(kept: Pixels) -> float:
        light = kept[:, :, 0].astype(int)
        return float(np.abs(np.diff(light, axis=0)).mean() / np.abs(np.diff(light, axis=1)).mean())

    assert level(kept_of(upright)) > 0.5
    assert level(kept_of(upright, 0.4)) < 0.2
