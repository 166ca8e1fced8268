"""Blends: the row of one base that comes out, and the mixed pictures of several."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from styles.contract import StyleOptions
from styles.errors import BadOption
from styles.formats.architecture import GrainPattern
from styles.imaging.codec import PixelBatch
from styles.imaging.grain import add_grain
from styles.inference.blending import BlendPart, blend
from styles.inference.input_spec import InputSpec
from styles.inference.session import Row
from styles.inference.stylize import paint_steps, prepare, stylize


class Flat:
    """Paints each image in one grey, the row's only number."""

    def __init__(self, spec: InputSpec | None = None) -> None:
        self.input_spec = spec or InputSpec()
        self.rows: list[npt.NDArray[np.float32]] = []

    def paint(self, images: PixelBatch, rows: npt.NDArray[np.float32]) -> PixelBatch:
        self.rows.append(rows)
        return np.broadcast_to(rows[:, :1, None, None], images.shape).astype(np.uint8)


def row(*numbers: float) -> Row:
    return np.array(numbers, np.float32)


def greys(*parts: BlendPart) -> list[int]:
    """Paint two photos in a blend; each has one grey."""
    session, mixed = blend(parts)
    photos = [np.zeros((4, 6, 3), np.uint8)] * 2
    pictures = stylize(session, photos, [mixed] * 2, [StyleOptions()] * 2)
    assert all(picture.min() == picture.max() for picture in pictures)
    return [int(picture[0, 0, 0]) for picture in pictures]


def test_a_blend_of_one_is_that_style() -> None:
    session, numbers = Flat(), row(0.1, 0.7)
    found, mixed = blend([BlendPart(session, numbers, 1.0)])
    assert found is session
    assert np.array_equal(mixed, numbers)


def test_styles_of_one_base_are_one_row_in_its_session() -> None:
    session = Flat()
    found, mixed = blend([BlendPart(session, row(0, 8), 0.75), BlendPart(session, row(4, 0), 0.25)])
    assert found is session
    assert mixed.dtype == np.float32
    assert mixed.tolist() == [1, 6]


def test_pictures_of_several_bases_are_mixed() -> None:
    assert greys(BlendPart(Flat(), row(200), 0.25), BlendPart(Flat(), row(100), 0.75)) == [125, 125]
    thirds = [BlendPart(Flat(), row(grey), 1 / 3) for grey in (0, 90, 240)]
    assert greys(*thirds) == pytest.approx([110, 110], abs=1)


def test_parts_of_one_base_are_painted_once() -> None:
    shared, other = Flat(), Flat()
    parts = [
        BlendPart(shared, row(0), 0.2),
        BlendPart(other, row(100), 0.5),
        BlendPart(shared, row(200), 0.3),
    ]
    assert greys(*parts) == pytest.approx([110, 110], abs=1)
    assert [[rows.tolist() for rows in session.rows] for session in (shared, other)] == [
        [[[120], [120]]],  # both photos at once
        [[[100], [100]]],
    ]


def test_a_part_without_a_share_is_not_painted() -> None:
    unused = Flat()
    assert greys(BlendPart(unused, row(9), 0.0), BlendPart(Flat(), row(50), 1.0)) == [50, 50]
    assert not unused.rows


def test_a_large_photo_is_mixed_between_strips() -> None:
    session, mixed = blend([BlendPart(Flat(), row(200), 0.5), BlendPart(Flat(), row(100), 0.5)])
    out = np.empty((4, 6, 3), np.uint8)
    for _ in paint_steps(session, np.zeros_like(out), mixed, out):
        pass
    assert out.min() == out.max() == 150


def test_networks_that_take_other_images_are_refused() -> None:
    with pytest.raises(BadOption, match="own network can be blended"):
        blend([BlendPart(Flat(), row(1), 0.5), BlendPart(Flat(InputSpec(multiple=4)), row(1), 0.5)])


class Sees(Flat):
    """Keeps the images that it has to paint."""

    def __init__(self, grain: GrainPattern) -> None:
        super().__init__(InputSpec(margin=2, grain=grain))
        self.seen: list[PixelBatch] = []

    def paint(self, images: PixelBatch, rows: npt.NDArray[np.float32]) -> PixelBatch:
        self.seen.append(images.copy())
        return super().paint(images, rows)


def test_each_part_of_a_blend_sees_the_grain_that_it_was_trained_with() -> None:
    photo = np.full((8, 12, 3), 128, np.uint8)
    blots, swirls = (Sees(grain) for grain in (GrainPattern.BLOTS, GrainPattern.SWIRLS))
    session, mixed = blend([BlendPart(blots, row(0), 0.5), BlendPart(swirls, row(100), 0.5)])
    (picture,) = stylize(session, [photo], [mixed], [StyleOptions()])
    assert picture.min() == picture.max() == 50
    for part in (blots, swirls):
        alone = add_grain(photo, pattern=part.input_spec.grain or GrainPattern.BLOTS)
        assert np.array_equal(part.seen[0][0, 2:-2, 2:-2], alone)
    out = np.empty((12, 16, 3), np.uint8)
    for _ in paint_steps(session, prepare(session, photo), mixed, out):
        pass
    for part in (blots, swirls):
        assert np.array_equal(part.seen[0], part.seen[1])
