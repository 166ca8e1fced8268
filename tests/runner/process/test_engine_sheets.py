"""A sheet by the real engine: our styles, strangers' networks, and one that finds no room for the photo."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from registry.client import RegistryClient
from runner.fleet.blob_cache import BlobCache
from runner.process.encoding import encode_sheet, open_for_sheet
from runner.process.engine import Engine
from runner.process.executor import BatchExecutor
from runner.protocol.messages import Label, PaintedPhoto, StyleShare, Task
from styles.contract import StyleOptions
from styles.errors import NotAnImage
from styles.imaging.codec import Pixels, decode
from styles.imaging.contact_sheet import Grid
from styles.importing import importer
from styles.inference.input_spec import InputSpec
from tests.fakes.registry.registry import FakeRegistry
from tests.fakes.styles.foreign_files import write_onnx, write_state_dict
from tests.fakes.styles.photos import jpeg
from tests.fakes.styles.style_files import make_shipped

PHOTO = jpeg(size=(180, 120))
OPTIONS = StyleOptions(size=96, format="png")


def paintings(whole: Pixels, count: int, size: tuple[int, int] = (96, 64)) -> list[Pixels]:
    """What hangs on a sheet, the photo first."""
    grid = Grid.of(count + 1, *size)
    assert whole.shape[1::-1] == grid.size
    width, height = size
    corners = [grid.corner(index) for index in range(count + 1)]
    return [whole[top : top + height, left : left + width] for left, top in corners]


def a_sheet(*digests: str, options: StyleOptions = OPTIONS, image: bytes = PHOTO) -> Task:
    parts = tuple(StyleShare(digest=digest, label=Label(name=digest[-5:])) for digest in digests)
    return Task(parts=parts, image=image, options=options, sheet=True)


@pytest.fixture
def files(tmp_path: Path) -> list[bytes]:
    """Two styles of one base, one of another, a transformer-net and an ONNX network."""
    ours = [make_shipped(tmp_path, f"s{n}", n, base_seed=n // 2).weights for n in range(3)]
    for name, write in (("net", write_state_dict), ("onnx", write_onnx)):
        write(tmp_path / "upload")
        importer.keep(tmp_path / "upload", tmp_path / name, None)
    return [file.read_bytes() for file in (*ours, tmp_path / "net", tmp_path / "onnx")]


@pytest.mark.parametrize("changed", [{}, {"strength": 0.4}, {"keep_colors": True}])
async def test_each_style_hangs_as_it_paints_alone(
    files: list[bytes], tmp_path: Path, changed: dict[str, object]
) -> None:
    options = replace(OPTIONS, **changed)  # type: ignore[arg-type]
    async with FakeRegistry() as registry, RegistryClient(registry.url) as client:
        digests = [registry.publish(f"s{n}", file).digest for n, file in enumerate(files)]
        blobs = BlobCache(tmp_path / "cache", client.download)
        blobs.startup()
        executor = BatchExecutor(lambda: Engine("cpu", 1), blobs.path, 1 << 30)
        alone = [Task(parts=(StyleShare(digest=d),), image=PHOTO, options=options) for d in digests]
        photos = await executor.paint(alone)
        (outcome,) = await executor.paint([a_sheet(*digests, options=options)])
    assert isinstance(outcome, PaintedPhoto)
    photo, *hung = paintings(decode(outcome.image), 5)
    assert np.array_equal(photo, decode(PHOTO, long_side=96))
    assert len({picture.tobytes() for picture in hung}) == 5
    for picture, painted in zip(hung, photos, strict=True):
        assert isinstance(painted, PaintedPhoto)
        assert np.array_equal(picture, decode(painted.image))


def test_a_painting_that_had_no_room_hangs_as_large_as_the_others() -> None:
    photo = decode(PHOTO, long_side=96)
    small = InputSpec(most_pixels=600).reduced(np.full_like(photo, 77))
    assert small.shape != photo.shape
    whole = encode_sheet(photo, [(Label(name="small"), small)], OPTIONS)
    assert (paintings(decode(whole.picture), 1)[1] == 77).all()


def test_a_photo_is_opened_as_large_as_it_will_hang() -> None:
    assert open_for_sheet(a_sheet("sha256:a")).shape == (64, 96, 3)
    with pytest.raises(NotAnImage):
        open_for_sheet(a_sheet("sha256:a", image=b"no photo"))
