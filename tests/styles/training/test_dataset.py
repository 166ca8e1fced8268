"""Photos and paintings as training sees them: sizes, held-out photos, the same crops for the same seed."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from styles.errors import BadOption, ImageTooLarge, NotAnImage
from styles.imaging import underpainting
from styles.imaging.codec import decode
from styles.imaging.underpainting import SIDE, underpainting_of
from styles.training import dataset
from styles.training.dataset import (
    CONTRAST,
    SATURATION,
    PhotoDataset,
    cut,
    evened,
    exposed,
    load_painting,
    read,
    read_painting,
    to_tensor,
    vivid,
)
from styles.training.held_out import photos_in
from tests.fakes.styles.style_files import random_underpainting

#: The forms of a painting, and of one that has none.
FORMS, NO_FORMS = underpainting_of(random_underpainting()), np.zeros((SIDE, SIDE, 3), np.int8)
JUNK = b"\0\5\x16\7"  # as macOS leaves beside a photo


def write(file: Path, width: int = 48, height: int = 40, seed: int = 0) -> Path:
    """A photo of smooth noise."""
    noise = np.random.default_rng(seed).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    Image.fromarray(noise).resize((width, height), Image.Resampling.BICUBIC).save(file)
    return file


def test_cut_is_a_square_of_the_asked_size() -> None:
    random = np.random.default_rng(0)
    for size in [(20, 90), (64, 64), (300, 40)]:
        pixels = np.zeros((*size, 3), np.uint8)
        assert cut(pixels, random, 48, 60).shape == (48, 48, 3)


def test_every_fiftieth_photo_is_held_out(tmp_path: Path) -> None:
    for index in range(101):
        write(tmp_path / f"{index:03d}.jpg")
    (tmp_path / "notes.txt").touch()
    training, held_out = photos_in(tmp_path)
    assert [f.name for f in held_out] == ["000.jpg", "050.jpg", "100.jpg"]
    assert len(training) == 98
    assert not set(training) & set(held_out)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadOption, match="no photo"):
        photos_in(tmp_path)


def test_folders_and_files_that_begin_with_a_dot_are_no_photos(tmp_path: Path) -> None:
    photos = [write(tmp_path / name) for name in ("a.jpg", "b.jpg")]
    (tmp_path / "._a.jpg").write_bytes(JUNK)
    (tmp_path / "album.jpg").mkdir()
    photos.append(write(tmp_path / "album.jpg" / "c.png"))
    training, held_out = photos_in(tmp_path)
    assert held_out + training == [photos[0], photos[2], photos[1]]


def test_the_first_photo_held_out_can_be_read(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "a.png").write_bytes(JUNK)
    files = [write(tmp_path / name) for name in ("b.png", "c.png")]
    assert photos_in(tmp_path) == (files[1:], files[:1])
    assert [record.getMessage().count("a.png") for record in caplog.records] == [1]


def test_a_folder_of_nothing_that_can_be_read_is_refused(tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        (tmp_path / name).write_bytes(JUNK)
    with pytest.raises(BadOption, match=re.escape(str(tmp_path))):
        photos_in(tmp_path)
    with pytest.raises(NotAnImage, match=re.escape(str(tmp_path))):
        PhotoDataset([tmp_path / "a.png", tmp_path / "b.png"], 1, (0.6, 1.0), [FORMS]).batch(0, 1, 32)


def test_a_photo_that_cannot_be_read_is_told_once_and_the_next_one_taken(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    files = [tmp_path / "a.png", write(tmp_path / "b.png", seed=1), write(tmp_path / "c.png", seed=2)]
    files[0].write_bytes(JUNK)
    photos = PhotoDataset(files, 1, (0.6, 1.0), [FORMS])
    first = torch.cat([photos.batch(step, 2, 32) for step in range(8)])
    again = torch.cat([photos.batch(step, 2, 32) for step in range(8)])
    assert torch.equal(first, again)
    assert [record.getMessage().count("a.png") for record in caplog.records] == [1]
    in_its_place = torch.cat(
        [PhotoDataset([files[1], *files[1:]], 1, (0.6, 1.0), [FORMS]).batch(s, 2, 32) for s in range(8)]
    )
    assert torch.equal(first, in_its_place)


def test_a_large_photo_is_reduced_and_a_small_one_enlarged_to_the_same(tmp_path: Path) -> None:
    large = tmp_path / "large.png"
    noise = np.random.default_rng(0).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    Image.fromarray(noise).resize((1600, 1200), Image.Resampling.BICUBIC).save(large)
    small = tmp_path / "small.png"
    Image.open(large).resize((533, 400), Image.Resampling.LANCZOS).save(small)
    crops = [PhotoDataset([f], 1, (1.25, 2.0), [FORMS]).batch(3, 1, 288) for f in (large, small)]
    assert (crops[0] - crops[1]).abs().mean() < 3 / 255


@pytest.mark.parametrize(("scale", "share"), [(1.25, 256 / 500), (2.0, 256 / 800)])
def test_a_crop_shows_the_part_of_a_photo_that_the_scale_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scale: float, share: float
) -> None:
    monkeypatch.setattr(underpainting, "HEADROOM", 0)
    monkeypatch.setattr(dataset, "EXPOSURE", 0.0)
    monkeypatch.setattr(dataset, "EVENED_SHARE", 0.0)
    ramp = np.linspace(0, 255, 400)[:, None, None] * np.ones((1, 400, 3))
    Image.fromarray(ramp.astype(np.uint8)).save(tmp_path / "ramp.png")
    photos = PhotoDataset([tmp_path / "ramp.png"], 1, (scale, scale), [NO_FORMS])
    for step in range(4):
        crop = photos.batch(step, 1, 256)[0, 0]
        assert float(crop[-1].mean() - crop[0].mean()) == pytest.approx(share, abs=0.02)


def test_most_crops_of_an_enlarged_photo_are_sharpened_and_none_of_a_reduced_one(tmp_path: Path) -> None:
    edge = np.full((100, 100, 3), 64, np.uint8)
    edge[:, 50:] = 192
    peaks = {}
    for share in (1, 2):
        random = np.random.default_rng(0)
        peaks[share] = [int(cut(edge, random, 100 * share, 100 * share).max()) for _ in range(100)]
    assert max(peaks[1]) == 192
    bicubic = min(peaks[2])  # overshoots a little by itself
    assert 55 <= sum(peak > bicubic for peak in peaks[2]) <= 85


def test_a_photo_is_made_lighter_or_darker_and_its_black_and_white_stay() -> None:
    ramp = np.arange(256, dtype=np.uint8)[None, :, None].repeat(3, axis=2)
    middles = []
    for seed in range(40):
        seen = exposed(ramp, np.random.default_rng(seed))
        assert (seen[0, 0, 0], seen[0, 255, 0]) == (0, 255)
        assert (np.diff(seen[0, :, 0].astype(int)) >= 0).all()
        middles.append(int(seen[0, 128, 0]))
    assert 80 <= min(middles) < 100
    assert 155 < max(middles) <= 170


def test_one_side_of_a_line_becomes_even_in_some_crops_and_the_other_stays() -> None:
    photo = np.random.default_rng(0).integers(0, 256, (160, 160, 3), dtype=np.uint8)
    changed = []
    for seed in range(40):
        seen = evened(photo, np.random.default_rng(seed))
        assert (seen.shape, seen.dtype) == (photo.shape, photo.dtype)
        if seen is photo:
            continue
        same = (seen == photo).all(axis=2)
        changed.append(same.mean())
        squares = seen[:160, :160].reshape(10, 16, 10, 16, 3).std(axis=(1, 3)).max(axis=2)
        even = ~same.reshape(10, 16, 10, 16).any(axis=(1, 3))
        assert squares[even].max(initial=0) < 30  # the noise has 74
    assert 8 <= len(changed) <= 24
    assert min(changed) > 0.1
    assert max(changed) < 0.9


def test_no_photo_is_reduced_below_the_crop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(underpainting, "HEADROOM", 0)
    monkeypatch.setattr(dataset, "EXPOSURE", 0.0)
    monkeypatch.setattr(dataset, "EVENED_SHARE", 0.0)
    file = write(tmp_path / "a.png", 700, 600)
    assert read(file, 500).shape == (500, 583, 3)
    (crop,) = PhotoDataset([file], 1, (0.1, 0.1), [NO_FORMS]).batch(0, 1, 600)
    whole = to_tensor(decode(file.read_bytes()))
    assert any(
        torch.equal(crop, either[0, ..., x : x + 600])
        for either in (whole, whole.flip(3))
        for x in range(101)
    )


def test_an_error_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(JUNK)
    with pytest.raises(NotAnImage, match=r"a\.png"):
        read(tmp_path / "a.png", 400)
    Image.new("1", (8001, 8000)).save(tmp_path / "b.png")
    with pytest.raises(ImageTooLarge, match=r"b\.png"):
        read(tmp_path / "b.png")


def test_crops_are_the_same_for_a_seed_and_step_and_others_for_others(material: Path) -> None:
    files, _ = photos_in(material / "photos")
    photos = PhotoDataset(files, 1, (0.6, 1.0), [FORMS])
    crops = photos.batch(5, 2, 32)
    assert crops.shape == (2, 3, 32, 32)
    assert torch.equal(crops, PhotoDataset(files, 1, (0.6, 1.0), [FORMS]).batch(5, 2, 32))
    assert not torch.equal(crops, photos.batch(6, 2, 32))
    assert not torch.equal(crops, PhotoDataset(files, 2, (0.6, 1.0), [FORMS]).batch(5, 2, 32))


def test_a_crop_has_the_forms_of_its_style(material: Path) -> None:
    files, _ = photos_in(material / "photos")
    photos = PhotoDataset(files, 1, (0.6, 1.0), [NO_FORMS, FORMS, NO_FORMS])
    assert photos.styles_of(4, 2) == [2, 0]
    without, formed, again = photos.for_each(0, 32)
    assert torch.equal(without, again)
    assert 1 / 255 < (formed - without).abs().mean() < 40 / 255
    for step in range(3):  # each style in turn, at the same place
        assert torch.equal(photos.batch(step, 1, 32)[0], photos.for_each(step, 32)[step])


def test_a_painting_loses_its_border_and_gets_its_short_side(tmp_path: Path) -> None:
    picture = Image.new("RGB", (150, 90), (255, 255, 255))
    picture.paste((200, 0, 0), (15, 0, 135, 90))
    picture.save(tmp_path / "framed.png")
    painting = load_painting(tmp_path / "framed.png", 30, (0.1, 0, 0.9, 1))
    assert painting.shape == (1, 3, 30, 40)
    assert float(painting[:, 1:].max()) < 0.1  # no white is left


def test_a_painting_is_learnt_more_vivid_than_it_is() -> None:
    torch.manual_seed(1)
    small = torch.rand(1, 3, 16, 16)
    calm = 0.4 + 0.2 * torch.nn.functional.interpolate(small, size=(128, 128), mode="bilinear")
    bright = vivid(calm)
    assert float(bright.mean()) == pytest.approx(float(calm.mean()), abs=0.01)
    grey, calm_grey = (p.mean(dim=1, keepdim=True) for p in (bright, calm))
    assert float(grey.std()) == pytest.approx(CONTRAST * float(calm_grey.std()), rel=0.05)
    hue, calm_hue = float((bright - grey).std()), float((calm - calm_grey).std())
    assert hue == pytest.approx(CONTRAST * SATURATION * calm_hue, rel=0.05)


def test_a_painting_is_the_same_on_any_number_of_threads() -> None:
    """A run goes on elsewhere only with the same painting, to the last bit."""
    torch.manual_seed(1)
    painting, before, seen = torch.rand(1, 3, 1201, 1403) ** 2, torch.get_num_threads(), []
    try:
        for threads in (1, 2, 3):
            torch.set_num_threads(threads)
            seen.append(vivid(painting))
    finally:
        torch.set_num_threads(before)
    assert torch.equal(seen[0], seen[1])
    assert torch.equal(seen[0], seen[2])


def test_old_paper_becomes_white_and_other_colours_go_with_it(tmp_path: Path) -> None:
    picture = Image.new("RGB", (96, 96), (228, 222, 200))
    picture.paste((57, 111, 150), (0, 0, 96, 48))
    picture.save(tmp_path / "print.png")
    table = {"side": 96, "white": [228, 222, 200], "contrast": 1, "saturation": 1, "weight": 2}
    painting = read_painting(tmp_path / "print.png", table)
    paper, ink = painting.picture[0, :, 90, 50], painting.picture[0, :, 5, 50]
    assert paper.tolist() == pytest.approx([1, 1, 1], abs=0.01)
    assert ink.tolist() == pytest.approx([0.25, 0.5, 0.75], abs=0.01)
    assert painting.weight == 2


@pytest.mark.parametrize(("width", "height"), [(63, 63), (4000, 4), (64, 513), (640, 79)])
def test_a_painting_of_an_odd_shape_is_refused_by_name(tmp_path: Path, width: int, height: int) -> None:
    file = write(tmp_path / "odd.png", width, height)
    with pytest.raises(BadOption, match=rf"odd\.png has {width}x{height} pixels: \w+"):
        load_painting(file, 48)


@pytest.mark.parametrize(("side", "short_side", "told"), [(64, 48, 0), (399, 720, 1), (400, 720, 0)])
def test_a_small_painting_is_enlarged_and_that_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, side: int, short_side: int, told: int
) -> None:
    file = write(tmp_path / "small.png", 8 * side, side)
    assert load_painting(file, short_side).shape == (1, 3, short_side, 8 * short_side)
    assert [record.getMessage().count("small.png") for record in caplog.records] == [1] * told
