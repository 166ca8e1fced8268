"""Validations with a process that does what the upload says, in the real sandbox, and how each ends."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from registry.validation.pool import (
    AT_ONCE,
    ValidatedStyle,
    ValidationPool,
)
from registry.validation.worker_handle import ValidationUnavailable
from styles.errors import BadCheckpoint
from styles.sandbox.sandbox import PROTECTIONS, TRUSTED_ONLY, Limits
from tests.fakes.registry.worker_process import PREVIEW_BYTES
from tests.fakes.waiting import until

#: The process of these tests takes 30 MB and 0.1 s.
LIMITS = Limits(memory=200_000_000, cpu_seconds=2, file_bytes=10_000_000, open_files=64)
MODULE = "tests.fakes.registry.worker_process"
ROOT = Path(__file__).parent.parent.parent.parent


@pytest.fixture
def workers(tmp_path: Path) -> Path:
    return tmp_path / "workers"


@pytest.fixture
async def pool(workers: Path) -> AsyncIterator[ValidationPool]:
    pool = ValidationPool(workers, limits=LIMITS, seconds=30, module=MODULE)
    await pool.startup()
    yield pool
    await pool.shutdown()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "upload"
    folder.mkdir()
    return folder


async def run(pool: ValidationPool, folder: Path, words: str) -> ValidatedStyle:
    upload = folder / "upload"
    upload.write_text(words)
    return await pool.run(upload, folder, "0..255")


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def at_work(workers: Path) -> list[Path]:
    """Uploads that are being tried."""
    return list(workers.glob("*/*/upload"))


def command_of(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/cmdline").read_text().split("\0")


def processes(workers: Path) -> list[int]:
    """Of all validations whose work folders are below a folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if f"{workers}/".encode() in command:
            found.append(int(process.name))
    return found


async def test_what_passes(pool: ValidationPool, folder: Path, workers: Path) -> None:
    validated = await run(pool, folder, "PASS\nthe weights")
    assert validated.kept.read_text() == "PASS\nthe weights"
    assert validated.preview.read_bytes() == PREVIEW_BYTES
    assert names(folder) == {"upload", validated.kept.name, validated.preview.name}
    assert (validated.format, validated.architecture) == ("onnx", "onnx")
    assert (validated.pixel_range, validated.notes[1]) == ("0..255", "0..255")
    assert 0 < validated.seconds < 30
    assert not is_alive(int(validated.notes[0]))
    await pool.shutdown()
    assert not processes(workers)
    assert not names(workers)


async def test_each_has_a_process_of_its_own(pool: ValidationPool, folder: Path) -> None:
    assert (await run(pool, folder, "PASS")).notes[0] != (await run(pool, folder, "PASS")).notes[0]


async def test_the_process_waits_for_its_job(workers: Path, folder: Path) -> None:
    pool = ValidationPool(workers, limits=LIMITS, module=MODULE)
    await pool.startup()
    assert pool.spare
    worker = await pool.spare
    assert (await run(pool, folder, "PASS")).notes[0] == str(worker.pid)
    await pool.shutdown()


async def test_it_sees_no_secret(monkeypatch: pytest.MonkeyPatch, workers: Path, folder: Path) -> None:
    monkeypatch.setenv("REGISTRY_UPLOAD_TOKEN", "secret")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    pool = ValidationPool(workers, limits=LIMITS, module=MODULE)
    await pool.startup()
    seen = set((await run(pool, folder, "ENV")).notes)
    await pool.shutdown()
    assert seen - {"LANG", "LC_ALL", "LC_CTYPE", "TZ", "VIRTUAL_ENV", "PYTHONPATH"} == {
        "PATH",
        "HOME",
        "TMPDIR",
        "PYTHONDONTWRITEBYTECODE",
    }


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("REFUSE", "It is bad."),
        ("SPIN", "The trial was ended after 2 s of processor time: the network takes too long."),
        ("EAT", "The style needs more than 0.19 GiB of memory: make the network smaller."),
        ("NATIVE", "The style needs more than 0.19 GiB of memory: make the network smaller."),
        ("BREAK", "The style cannot be opened or painted with: the file is damaged, or no style."),
        ("CRASH", "The file made the trial crash (SIGABRT): it is damaged, or needs far too much memory."),
        ("KILLED", "The trial was killed, most likely as memory ran out: make the network smaller."),
        ("BABBLE", "The file upset the trial: it is damaged."),
        ("FLOOD", "The file upset the trial: it is damaged."),
        ("CHAT", "It is bad."),
        ("LIE", "The file upset the trial: it is damaged."),
        ("NOTHING", "The trial left no file to keep."),
    ],
)
async def test_what_is_refused_leaves_nothing_behind(
    pool: ValidationPool, folder: Path, workers: Path, words: str, told: str
) -> None:
    with pytest.raises(BadCheckpoint) as refused:
        await run(pool, folder, words)
    assert refused.value.message.startswith(told)
    assert not refused.value.detail  # it would be shown to the artist
    assert names(folder) == {"upload"}
    await run(pool, folder, "PASS")  # the next one is not concerned
    await pool.shutdown()
    assert not processes(workers)
    assert not names(workers)


async def test_what_hangs_is_ended(workers: Path, folder: Path) -> None:
    pool = ValidationPool(workers, limits=LIMITS, seconds=0.5, module=MODULE)
    await pool.startup()
    with pytest.raises(BadCheckpoint, match=r"ended after 0.5 s: the network takes too long"):
        await run(pool, folder, "HANG")
    await pool.shutdown()
    assert names(folder) == {"upload"}
    assert not processes(workers)


async def test_what_it_prints_is_bounded_and_harmless(pool: ValidationPool, folder: Path) -> None:
    assert (await run(pool, folder, "CHATTER")).format == "onnx"


async def test_the_log_gets_the_last_words(
    pool: ValidationPool, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO), pytest.raises(BadCheckpoint):
        await run(pool, folder, "REFUSE")
    assert "quite bad" in caplog.text
    assert "limits" in caplog.text  # what of the sandbox holds, said once


async def test_the_log_tells_once_what_is_missing(
    workers: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(PROTECTIONS, "moat", TRUSTED_ONLY)
    pool = ValidationPool(workers, limits=LIMITS, module=MODULE)
    await pool.startup()
    assert pool.spare
    held = (await pool.spare).held
    for _ in range(2):
        await run(pool, folder, "PASS")
    await pool.shutdown()
    assert caplog.text.count("this system has no moat: only people who are trusted should upload styles") == 1
    assert set(PROTECTIONS) == {"moat", "landlock: files", "landlock: signals", "seccomp"}
    for part in PROTECTIONS:
        assert caplog.text.count(f"this system has no {part}: ") == (part not in held)


async def test_those_that_wait_end_with_the_pool(pool: ValidationPool, folder: Path) -> None:
    upload = folder / "upload"
    upload.write_text("HANG")
    several = [asyncio.create_task(pool.run(upload, folder, None)) for _ in range(AT_ONCE + 8)]
    await asyncio.sleep(0)  # each comes as far as its turn
    await pool.shutdown()
    ends = await asyncio.gather(*several, return_exceptions=True)
    assert [type(end) for end in ends] == [ValidationUnavailable] * len(several)


async def test_two_at_once_and_then_the_next(pool: ValidationPool, folder: Path, workers: Path) -> None:
    upload = folder / "upload"
    upload.write_text("HANG")
    several = [asyncio.create_task(pool.run(upload, folder, None)) for _ in range(AT_ONCE + 1)]
    await until(lambda: len(at_work(workers)) == AT_ONCE)
    first = set(at_work(workers))
    assert len(processes(workers)) == AT_ONCE  # and none that warms up beside them
    several[0].cancel()
    await until(lambda: len(set(at_work(workers)) | first) == AT_ONCE + 1)
    assert len(at_work(workers)) == AT_ONCE
    await pool.shutdown()
    await asyncio.wait(several)


async def test_torch_is_loaded_ahead_after_a_style_that_needed_it(pool: ValidationPool, folder: Path) -> None:
    for words, ahead in (("PASS", False), ("TORCH", True), ("PASS", False)):
        await run(pool, folder, words)
        assert pool.spare
        assert ('"torch": true' in " ".join(command_of((await pool.spare).pid))) is ahead


async def test_who_hangs_up_ends_the_trial(pool: ValidationPool, folder: Path, workers: Path) -> None:
    running = asyncio.create_task(run(pool, folder, "HANG"))
    await until(lambda: at_work(workers))
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert not at_work(workers)
    assert (await run(pool, folder, "PASS")).format == "onnx"


async def test_who_hangs_up_while_it_warms_up_leaves_it_to_the_next(
    pool: ValidationPool, folder: Path, workers: Path
) -> None:
    running = asyncio.create_task(run(pool, folder, "PASS"))
    await asyncio.sleep(0)  # it waits for the process
    spare = pool.spare
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert spare is None
    assert pool.spare
    worker = await pool.spare
    assert (await run(pool, folder, "PASS")).notes[0] == str(worker.pid)


async def test_a_disk_that_is_full_is_no_fault_of_the_style(pool: ValidationPool, folder: Path) -> None:
    upload = folder / "upload"
    upload.write_text("PASS")
    with pytest.raises(ValidationUnavailable):
        await pool.run(upload, folder / "none", None)


async def test_a_spare_that_died_is_replaced(pool: ValidationPool, folder: Path) -> None:
    assert pool.spare
    worker = await pool.spare
    os.kill(worker.pid, signal.SIGKILL)
    await until(lambda: worker.gone)
    assert (await run(pool, folder, "PASS")).notes[0] != str(worker.pid)


async def test_a_process_that_cannot_start_is_no_fault_of_the_style(
    workers: Path, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    pool = ValidationPool(workers, limits=LIMITS, module="tests.fakes.there_is_none")
    await pool.startup()
    with pytest.raises(ValidationUnavailable, match="ended at once"):
        await run(pool, folder, "PASS")
    await pool.shutdown()
    assert "No module named tests.fakes.there_is_none" in caplog.text


async def test_before_it_runs_and_after_nothing_is_tried(workers: Path, folder: Path) -> None:
    pool = ValidationPool(workers, limits=LIMITS, module=MODULE)
    with pytest.raises(ValidationUnavailable):
        await run(pool, folder, "PASS")
    await pool.startup()
    await pool.shutdown()
    with pytest.raises(ValidationUnavailable):
        await run(pool, folder, "PASS")


REGISTRY = """
import asyncio, pathlib, sys
from styles.sandbox.sandbox import Limits
from registry.validation.pool import ValidationPool

async def main(workers):
    limits = Limits(memory=200_000_000)
    pool = ValidationPool(workers, limits=limits, module="tests.fakes.registry.worker_process")
    await pool.startup()
    print((await pool.spare).pid, flush=True)
    await asyncio.sleep(600)

asyncio.run(main(pathlib.Path(sys.argv[1])))
"""


async def test_a_killed_registry_leaves_no_process_and_its_folder_is_swept(
    pool: ValidationPool, folder: Path, workers: Path
) -> None:
    command = [sys.executable, "-c", REGISTRY, str(workers)]
    registry = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    assert registry.stdout
    pid = int(await registry.stdout.readline())
    assert is_alive(pid)
    ended = os.pidfd_open(pid)
    registry.kill()
    await registry.wait()
    await _ended(ended)
    assert len(names(workers)) == 2
    third = ValidationPool(workers, limits=LIMITS, module=MODULE)
    await third.startup()
    assert len(names(workers)) == 2  # its own, and that of the one that runs
    assert (await run(pool, folder, "PASS")).format == "onnx"
    await third.shutdown()


async def _ended(pidfd: int) -> None:
    """Waits for the end of a process that is not ours."""
    over = asyncio.Event()
    asyncio.get_running_loop().add_reader(pidfd, over.set)
    await asyncio.wait_for(over.wait(), 30)
    asyncio.get_running_loop().remove_reader(pidfd)
    os.close(pidfd)


async def test_photos_of_people_are_painted_before_a_trial(pool: ValidationPool) -> None:
    assert pool.spare
    worker = await pool.spare
    own = os.getpriority(os.PRIO_PROCESS, 0)
    assert os.getpriority(os.PRIO_PROCESS, worker.pid) == min(19, own + 10)
