"""The executor with the real engine: batches that overlap give what the engine gives one by one."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from runner.fleet.blob_cache import BlobCache
from runner.process.engine import BatchItem, Engine
from runner.process.executor import BatchExecutor
from runner.protocol.messages import Outcome, PaintedPhoto, StyleShare, Task
from styles.contract import PaintingRecipe, StyleOptions
from styles.errors import NotAnImage, PainterError
from styles.imaging.xmp import packet
from styles.imaging.xmp_reader import recipe_of
from styles.importing import importer
from tests.fakes.styles.foreign_files import write_onnx, write_state_dict
from tests.fakes.styles.photos import jpeg
from tests.fakes.styles.style_files import make_shipped

#: What is asked for, and how.
OPTIONS: Sequence[dict[str, object]] = (
    {},
    {"strength": 0.4, "keep_colors": True},
    {"preview": 64},
    {"size": 96},
)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """By digest: two styles of one base, a transformer-net and an ONNX network."""
    folder = tmp_path_factory.mktemp("files")
    found = [make_shipped(folder, f"s{seed}", seed).weights for seed in (1, 2)]
    for name, write in (("net", write_state_dict), ("onnx", write_onnx)):
        write(folder / "upload")
        importer.keep(folder / "upload", folder / name, None)
        found.append(folder / name)
    return {f"sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}": file for file in found}


@pytest.fixture
def executor(files: dict[str, Path], tmp_path: Path) -> BatchExecutor:
    async def download(digest: str, path: Path) -> None:
        await asyncio.to_thread(shutil.copy, files[digest], path)

    return BatchExecutor(lambda: Engine("cpu", threads=1), BlobCache(tmp_path, download).path, 1 << 30)


def batches(digests: Sequence[str]) -> list[list[Task]]:
    """Each style with each option; in each batch what is no photo."""
    made = []
    for number, options in enumerate(OPTIONS):
        wanted = StyleOptions(format="png", **options)  # type: ignore[arg-type]
        photos = [jpeg(size=(120 + 8 * number, 90)) for _ in digests]
        batch = [
            Task(parts=(StyleShare(digest=digest),), image=image, options=wanted)
            for digest, image in zip(digests, photos, strict=True)
        ]
        made.append([*batch, Task(parts=batch[0].parts, image=b"no photo", options=wanted)])
    return made


def picture(outcome: Outcome | PaintedPhoto) -> tuple[bytes, bytes] | type[PainterError]:
    if isinstance(outcome, PainterError):
        return type(outcome)
    return outcome.image, outcome.preview


async def test_batches_that_overlap_are_painted_as_the_engine_paints_each(
    executor: BatchExecutor, files: dict[str, Path]
) -> None:
    engine = Engine("cpu", threads=1)
    loaded = {digest: engine.load(digest, file) for digest, file in files.items()}
    asked = batches(list(files))
    answers = await asyncio.gather(*[executor.paint(batch) for batch in asked])
    for batch, outcomes in zip(asked, answers, strict=True):
        items = [BatchItem(style=loaded[t.parts[0].digest], image=t.image, options=t.options) for t in batch]
        assert list(map(picture, outcomes)) == list(map(picture, engine.run_batch(items)))
        assert picture(outcomes[-1]) is NotAnImage
        assert all(o.seconds > 0 for o in outcomes if isinstance(o, PaintedPhoto))
    report = executor.report()
    assert (report.batches, report.loads, report.evictions) == (len(asked), len(files), 0)


async def test_every_painting_says_how_it_was_painted(
    executor: BatchExecutor, files: dict[str, Path]
) -> None:
    recipe = PaintingRecipe(style="the-scream", version=2)
    small = Task(
        parts=(StyleShare(digest=next(iter(files))),),
        image=jpeg(size=(400, 300)),
        options=StyleOptions(format="png"),
        xmp=packet(recipe, "The Scream"),
    )
    for task in (small, replace(small, large=True)):
        (outcome,) = await executor.paint([task])
        assert isinstance(outcome, PaintedPhoto)
        assert recipe_of(outcome.image) == recipe
