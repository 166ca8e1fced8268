"""The real process of a validation, with real files, good and bad, by way of `ValidationPool`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import asdict
from pathlib import Path

import onnx
import pytest
from PIL import Image

from registry.validation.pool import ValidationPool
from registry.validation.protocol import UPLOAD, WorkerSettings
from styles.errors import BadCheckpoint, ValuesNeeded
from styles.formats import style_file
from styles.sandbox.sandbox import Limits
from tests.fakes.decoys import decoys
from tests.fakes.styles import foreign_files
from tests.fakes.styles.foreign_files import HOSTILE
from tests.fakes.styles.odd_onnx import many_styles
from tests.fakes.styles.style_files import random_style

ROOT = Path(__file__).parent.parent.parent.parent
LIMITS = Limits()
#: Those that are hostile to a process and not only no style; `tests/styles/importing/test_importer.py` has
#: all of them.
EVIL = (
    "pickle with code",
    "pickle with code in a zip",
    "legacy pickle with code",
    "torchscript",
    "zip bomb",
    "overlapping zip",
    "stride trick",
    "truncated zip",
    "truncated onnx",
    "nan",
    "onnx external data",
    "onnx hidden external data",
    "onnx custom operator",
    "onnx loop",
    "onnx claimed size",
    "onnx many nodes",
    "header bomb",
)
#: One of each kind of harm: code, memory, another file, a claim, processor time.
FEW = ("pickle with code", "zip bomb", "onnx external data", "header bomb", "onnx many nodes")


@pytest.fixture
async def pool(tmp_path: Path) -> AsyncIterator[ValidationPool]:
    pool = ValidationPool(tmp_path / "workers", limits=LIMITS)
    await pool.startup()
    yield pool
    await pool.shutdown()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "upload"
    folder.mkdir()
    return folder


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


async def test_a_style_of_ours(pool: ValidationPool, folder: Path) -> None:
    style = random_style(3)
    style_file.write(folder / "upload", style)
    validated = await pool.run(folder / "upload", folder, None)
    assert (validated.format, validated.architecture) == ("safetensors", "style-unet")
    assert validated.pixel_range == "0..1"
    assert style_file.read(validated.kept).base == style.base
    with Image.open(validated.preview) as preview:
        assert (preview.format, preview.size) == ("JPEG", (800, 450))


async def test_the_current_folder_holds_no_modules(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(decoys(tmp_path / "current"))
    style_file.write(folder / "upload", random_style(3))
    pool = ValidationPool(Path("workers"), limits=LIMITS)
    await pool.startup()
    try:
        assert (await pool.run(folder / "upload", folder, None)).format == "safetensors"
    finally:
        await pool.shutdown()


async def test_a_state_dict_of_torch(pool: ValidationPool, folder: Path) -> None:
    foreign_files.write_state_dict(folder / "upload")
    validated = await pool.run(folder / "upload", folder, None)
    assert (validated.format, validated.architecture, validated.pixel_range) == (
        "safetensors",
        "transformer-net",
        "0..255",
    )


async def test_a_network_in_onnx(pool: ValidationPool, folder: Path) -> None:
    foreign_files.write_onnx(folder / "upload", pixel_range="0..255")
    validated = await pool.run(folder / "upload", folder, None)
    assert (validated.format, validated.architecture, validated.pixel_range) == ("onnx", "onnx", "0..255")


async def test_a_network_of_many_styles_is_one_of_them(pool: ValidationPool, folder: Path) -> None:
    onnx.save_model(many_styles(), folder / "upload")
    with pytest.raises(ValuesNeeded, match="26 numbers") as asked:
        await pool.run(folder / "upload", folder, None)
    assert asked.value.inputs == ({"name": "style_weights", "numbers": 26, "choices": 26},)
    validated = await pool.run(folder / "upload", folder, None, "25")
    assert "Baked in: style_weights is 25." in validated.notes


async def test_the_wrong_pixel_range_is_refused_with_the_right_one(
    pool: ValidationPool, folder: Path
) -> None:
    foreign_files.write_onnx(folder / "upload", pixel_range="0..1")
    with pytest.raises(BadCheckpoint, match=r"black.* set pixel range to 0\.\.1"):
        await pool.run(folder / "upload", folder, "0..255")


@pytest.mark.parametrize(
    "name", [*FEW, *(pytest.param(name, marks=pytest.mark.slow) for name in EVIL if name not in FEW)]
)
async def test_hostile_files(pool: ValidationPool, folder: Path, tmp_path: Path, name: str) -> None:
    HOSTILE[name](folder / "upload")
    with pytest.raises(BadCheckpoint) as refused:
        await pool.run(folder / "upload", folder, None)
    assert refused.value.message.endswith((".", ").", "”"))
    assert not foreign_files.EVIDENCE.exists()
    assert names(folder) == {"upload"}
    await pool.shutdown()
    assert not names(tmp_path / "workers")


async def test_a_style_that_is_too_large_for_the_memory(tmp_path: Path, folder: Path) -> None:
    pool = ValidationPool(tmp_path / "workers", limits=Limits(memory=330_000_000))
    await pool.startup()
    try:
        foreign_files.write_state_dict(folder / "upload")
        with pytest.raises(BadCheckpoint, match="memory"):
            await pool.run(folder / "upload", folder, None)
    finally:
        await pool.shutdown()


def start(worker: Path, parent: int) -> subprocess.Popen[str]:
    (worker / "out").mkdir(parents=True)
    settings = WorkerSettings(workdir=str(worker), parent=parent, limits=asdict(LIMITS), torch=False)
    command = [sys.executable, "-m", "registry.validation.worker_process", json.dumps(asdict(settings))]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


def test_it_says_when_it_is_ready_and_goes_when_there_is_no_job(tmp_path: Path) -> None:
    with start(tmp_path / "work", os.getpid()) as process:
        said, words = process.communicate()
    assert "limits" in json.loads(said)["ready"]
    assert (process.returncode, words) == (0, "")


def test_it_tells_in_one_line(tmp_path: Path) -> None:
    with start(tmp_path / "work", os.getpid()) as process:
        (tmp_path / "work" / UPLOAD).write_bytes(b"\xff\xd8\xff a photo")
        said, _ = process.communicate('{"pixel_range": null, "values": ""}\n')
    answer = json.loads(said.splitlines()[1])
    assert set(answer) == {"refused", "detail"}


def test_it_does_not_start_for_a_parent_that_is_gone(tmp_path: Path) -> None:
    with start(tmp_path / "work", 1 if os.getpid() != 1 else 2) as process:
        said, words = process.communicate()
    assert (said, words.strip()) == ("", "the registry is gone")
