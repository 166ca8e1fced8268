"""Blends: the row of one base that comes out, and the mixed pictures of several."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from styles.contract import StyleOptions
from styles.errors import BadOption
from styles.formats.architecture import MARGIN, STRIDE
from styles.imaging.codec import PixelBatch
from styles.imaging.underpainting import Underpainting, underpainting_of
from styles.inference.blending import BlendPart, blend
from styles.inference.input_spec import InputSpec
from styles.inference.session import Conditioning
from styles.inference.stylize import paint_steps, prepare, stylize
from tests.fakes.styles.style_files import random_underpainting


class Flat:
    """Paints each image in one grey, the row's only number."""

    def __init__(self, spec: InputSpec | None = None) -> None:
        self.input_spec = spec or InputSpec()
        self.rows: list[npt.NDArray[np.float32]] = []

    def paint(self, images: PixelBatch, rows: npt.NDArray[np.float32]) -> PixelBatch:
        self.rows.append(rows)
        return np.broadcast_to(rows[:, :1, None, None], images.shape).astype(np.uint8)


def style(*numbers: float, forms: Underpainting | None = None) -> Conditioning:
    return Conditioning(np.array(numbers, np.float32), forms)


def greys(*parts: BlendPart) -> list[int]:
    """Paint two photos in a blend; each has one grey."""
    session, mixed = blend(parts)
    photos = [np.zeros((4, 6, 3), np.uint8)] * 2
    pictures = stylize(session, photos, [mixed] * 2, [StyleOptions()] * 2)
    assert all(picture.min() == picture.max() for picture in pictures)
    return [int(picture[0, 0, 0]) for picture in pictures]


def test_a_blend_of_one_is_that_style() -> None:
    session, forms = Flat(), underpainting_of(random_underpainting())
    found, mixed = blend([BlendPart(session, style(0.5, 0.75, forms=forms), 1.0)])
    assert found is session
    assert mixed.row.tolist() == [0.5, 0.75]
    assert mixed.underpainting is not None
    assert np.array_equal(mixed.underpainting, forms)


def test_styles_of_one_base_are_one_row_in_its_session() -> None:
    session = Flat()
    found, mixed = blend([BlendPart(session, style(0, 8), 0.75), BlendPart(session, style(4, 0), 0.25)])
    assert found is session
    assert mixed.row.dtype == np.float32
    assert mixed.row.tolist() == [1, 6]


def test_pictures_of_several_bases_are_mixed() -> None:
    assert greys(BlendPart(Flat(), style(200), 0.25), BlendPart(Flat(), style(100), 0.75)) == [125, 125]
    thirds = [BlendPart(Flat(), style(grey), 1 / 3) for grey in (0, 90, 240)]
    assert greys(*thirds) == pytest.approx([110, 110], abs=1)


def test_parts_of_one_base_are_painted_once() -> None:
    shared, other = Flat(), Flat()
    parts = [
        BlendPart(shared, style(0), 0.2),
        BlendPart(other, style(100), 0.5),
        BlendPart(shared, style(200), 0.3),
    ]
    assert greys(*parts) == pytest.approx([110, 110], abs=1)
    assert [[rows.tolist() for rows in session.rows] for session in (shared, other)] == [
        [[[120], [120]]],  # both photos at once
        [[[100], [100]]],
    ]


def test_a_part_without_a_share_is_not_painted() -> None:
    unused = Flat()
    assert greys(BlendPart(unused, style(9), 0.0), BlendPart(Flat(), style(50), 1.0)) == [50, 50]
    assert not unused.rows


def test_a_large_photo_is_mixed_between_strips() -> None:
    session, mixed = blend([BlendPart(Flat(), style(200), 0.5), BlendPart(Flat(), style(100), 0.5)])
    out = np.empty((4, 6, 3), np.uint8)
    for _ in paint_steps(session, np.zeros_like(out), mixed.row, out):
        pass
    assert out.min() == out.max() == 150


def test_networks_that_take_other_images_are_refused() -> None:
    with pytest.raises(BadOption, match="own network can be blended"):
        blend([BlendPart(Flat(), style(1), 0.5), BlendPart(Flat(InputSpec(multiple=4)), style(1), 0.5)])


def test_a_blend_of_one_base_has_forms_of_both_paintings_at_the_contrast_of_one() -> None:
    session, forms = Flat(), [underpainting_of(random_underpainting(seed)) for seed in (1, 2)]
    one, two = (style(0, forms=each) for each in forms)
    _, mixed = blend([BlendPart(session, one, 0.6), BlendPart(session, two, 0.4)])
    assert mixed.underpainting is not None
    mix, *parts = (each[::16, ::16].ravel() for each in (mixed.underpainting, *forms))
    assert mix.std() == pytest.approx(parts[0].std(), rel=0.05)
    likeness = [np.corrcoef(mix, part)[0, 1] for part in parts]
    assert likeness == pytest.approx([0.6 / 0.52**0.5, 0.4 / 0.52**0.5], abs=0.05)


def test_a_style_without_forms_takes_its_share_from_those_of_the_others() -> None:
    session, forms = Flat(), underpainting_of(random_underpainting())
    for share in (0.25, 0.01):
        parts = [BlendPart(session, style(0, forms=forms), share), BlendPart(session, style(0), 1 - share)]
        _, mixed = blend(parts)
        assert mixed.underpainting is not None
        assert np.allclose(mixed.underpainting, share * forms, atol=1.5)
    _, plain = blend([BlendPart(session, style(0), 0.5), BlendPart(session, style(4), 0.5)])
    assert plain.underpainting is None


class Sees(Flat):
    """Keeps the images that it has to paint."""

    def __init__(self) -> None:
        super().__init__(InputSpec(margin=MARGIN, multiple=STRIDE))
        self.seen: list[PixelBatch] = []

    def paint(self, images: PixelBatch, rows: npt.NDArray[np.float32]) -> PixelBatch:
        self.seen.append(images.copy())
        return super().paint(images, rows)


def test_each_part_of_a_blend_of_two_bases_sees_what_it_would_see_alone() -> None:
    photo = np.full((60, 90, 3), 128, np.uint8)
    photo[24:40, 30:50] = 20
    forms = [underpainting_of(random_underpainting(seed)) for seed in (1, 2)]
    parts = [BlendPart(Sees(), style(100 * n, forms=each), 0.5) for n, each in enumerate(forms)]
    session, mixed = blend(parts)
    (picture,) = stylize(session, [photo], [mixed], [StyleOptions()])
    assert picture.shape == photo.shape
    assert picture.min() == picture.max() == 50
    image = prepare(session, photo, mixed.underpainting)
    for _ in paint_steps(session, image, mixed.row, np.empty_like(image)):
        pass
    for part in parts:
        stylize(part.session, [photo], [part.style], [StyleOptions()])
        assert isinstance(part.session, Sees)
        blended, in_steps, alone = part.session.seen
        assert np.array_equal(blended, alone)
        assert np.array_equal(in_steps, alone)
