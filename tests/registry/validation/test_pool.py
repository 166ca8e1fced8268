"""Trials with a process that does what the upload says, in the real sandbox, and how each ends."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from registry.sandbox.sandbox import Limits
from registry.validation import pool
from registry.validation.pool import AT_ONCE, MOST_WAITING, OPEN, WANTED, TooManyTrials, Trial, Trials
from registry.validation.worker import TrialUnavailable
from styles.errors import BadCheckpoint
from tests.fakes.registry.trial_process import PREVIEW_BYTES
from tests.fakes.waiting import until

#: The process of these tests takes 30 MB and 0.1 s.
LIMITS = Limits(memory=200_000_000, cpu_seconds=2, file_bytes=10_000_000, open_files=64)
MODULE = "tests.fakes.registry.trial_process"
ROOT = Path(__file__).parent.parent.parent.parent


@pytest.fixture
def rooms(tmp_path: Path) -> Path:
    return tmp_path / "rooms"


@pytest.fixture
async def trials(rooms: Path) -> AsyncIterator[Trials]:
    trials = Trials(rooms, limits=LIMITS, seconds=30, module=MODULE)
    await trials.startup()
    yield trials
    await trials.shutdown()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "upload"
    folder.mkdir()
    return folder


async def run(trials: Trials, folder: Path, words: str) -> Trial:
    upload = folder / "upload"
    upload.write_text(words)
    return await trials.run(upload, folder, "0..255")


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def at_work(rooms: Path) -> list[Path]:
    """Uploads that are being tried."""
    return list(rooms.glob("*/*/upload"))


def command_of(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/cmdline").read_text().split("\0")


def processes(rooms: Path) -> list[int]:
    """Of all trials whose rooms are below a folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if f"{rooms}/".encode() in command:
            found.append(int(process.name))
    return found


async def test_what_passes(trials: Trials, folder: Path, rooms: Path) -> None:
    trial = await run(trials, folder, "PASS\nthe weights")
    assert trial.kept.read_text() == "PASS\nthe weights"
    assert trial.preview.read_bytes() == PREVIEW_BYTES
    assert names(folder) == {"upload", trial.kept.name, trial.preview.name}
    assert (trial.format, trial.architecture) == ("onnx", "onnx")
    assert (trial.pixel_range, trial.seconds, trial.notes[1]) == ("0..255", 0.25, "0..255")
    assert not is_alive(int(trial.notes[0]))
    await trials.shutdown()
    assert not processes(rooms)
    assert not names(rooms)


async def test_each_has_a_process_of_its_own(trials: Trials, folder: Path) -> None:
    assert (await run(trials, folder, "PASS")).notes[0] != (await run(trials, folder, "PASS")).notes[0]


async def test_the_process_waits_for_its_job(rooms: Path, folder: Path) -> None:
    trials = Trials(rooms, limits=LIMITS, module=MODULE)
    await trials.startup()
    assert trials.spare
    room = await trials.spare
    assert (await run(trials, folder, "PASS")).notes[0] == str(room.pid)
    await trials.shutdown()


async def test_it_sees_no_secret(monkeypatch: pytest.MonkeyPatch, rooms: Path, folder: Path) -> None:
    monkeypatch.setenv("REGISTRY_UPLOAD_TOKEN", "secret")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    trials = Trials(rooms, limits=LIMITS, module=MODULE)
    await trials.startup()
    seen = set((await run(trials, folder, "ENV")).notes)
    await trials.shutdown()
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
    trials: Trials, folder: Path, rooms: Path, words: str, told: str
) -> None:
    with pytest.raises(BadCheckpoint) as refused:
        await run(trials, folder, words)
    assert refused.value.message.startswith(told)
    assert not refused.value.detail  # it would be shown to the artist
    assert names(folder) == {"upload"}
    await run(trials, folder, "PASS")  # the next one is not concerned
    await trials.shutdown()
    assert not processes(rooms)
    assert not names(rooms)


async def test_what_hangs_is_ended(rooms: Path, folder: Path) -> None:
    trials = Trials(rooms, limits=LIMITS, seconds=0.5, module=MODULE)
    await trials.startup()
    with pytest.raises(BadCheckpoint, match=r"ended after 0.5 s: the network takes too long"):
        await run(trials, folder, "HANG")
    await trials.shutdown()
    assert names(folder) == {"upload"}
    assert not processes(rooms)


async def test_what_it_prints_is_bounded_and_harmless(trials: Trials, folder: Path) -> None:
    assert (await run(trials, folder, "CHATTER")).format == "onnx"


async def test_the_log_gets_the_last_words(
    trials: Trials, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO), pytest.raises(BadCheckpoint):
        await run(trials, folder, "REFUSE")
    assert "quite bad" in caplog.text
    assert "limits" in caplog.text  # what of the sandbox holds, said once


async def test_the_log_tells_once_what_is_missing(
    rooms: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(pool, "WANTED", WANTED | {"moat": OPEN})
    trials = Trials(rooms, limits=LIMITS, module=MODULE)
    await trials.startup()
    assert trials.spare
    held = (await trials.spare).held
    for _ in range(2):
        await run(trials, folder, "PASS")
    await trials.shutdown()
    assert caplog.text.count("this system has no moat: only people who are trusted should upload styles") == 1
    assert set(WANTED) == {"landlock: files", "landlock: signals", "seccomp"}
    for part in WANTED:
        assert caplog.text.count(f"this system has no {part}: ") == (part not in held)


async def test_others_wait_and_too_many_come_again(trials: Trials, folder: Path) -> None:
    upload = folder / "upload"
    upload.write_text("HANG")
    several = [asyncio.create_task(trials.run(upload, folder, None)) for _ in range(AT_ONCE + MOST_WAITING)]
    await asyncio.sleep(0)  # each comes as far as its turn
    with pytest.raises(TooManyTrials) as busy:
        await trials.run(upload, folder, None)
    assert busy.value.retry_after > 0
    assert "photos" not in busy.value.message
    await trials.shutdown()
    ends = await asyncio.gather(*several, return_exceptions=True)
    assert [type(end) for end in ends] == [TrialUnavailable] * len(several)


async def test_two_at_once_and_then_the_next(trials: Trials, folder: Path, rooms: Path) -> None:
    upload = folder / "upload"
    upload.write_text("HANG")
    several = [asyncio.create_task(trials.run(upload, folder, None)) for _ in range(AT_ONCE + 1)]
    await until(lambda: len(at_work(rooms)) == AT_ONCE)
    first = set(at_work(rooms))
    assert len(processes(rooms)) == AT_ONCE  # and none that warms up beside them
    several[0].cancel()
    await until(lambda: len(set(at_work(rooms)) | first) == AT_ONCE + 1)
    assert len(at_work(rooms)) == AT_ONCE
    await trials.shutdown()
    await asyncio.wait(several)


async def test_torch_is_loaded_ahead_after_a_style_that_needed_it(trials: Trials, folder: Path) -> None:
    for words, ahead in (("PASS", False), ("TORCH", True), ("PASS", False)):
        await run(trials, folder, words)
        assert trials.spare
        assert ("--torch" in command_of((await trials.spare).pid)) is ahead


async def test_who_hangs_up_ends_the_trial(trials: Trials, folder: Path, rooms: Path) -> None:
    running = asyncio.create_task(run(trials, folder, "HANG"))
    await until(lambda: at_work(rooms))
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert not at_work(rooms)
    assert (await run(trials, folder, "PASS")).format == "onnx"


async def test_who_hangs_up_while_it_warms_up_leaves_it_to_the_next(
    trials: Trials, folder: Path, rooms: Path
) -> None:
    running = asyncio.create_task(run(trials, folder, "PASS"))
    await asyncio.sleep(0)  # it waits for the process
    spare = trials.spare
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert spare is None
    assert trials.spare
    room = await trials.spare
    assert (await run(trials, folder, "PASS")).notes[0] == str(room.pid)


async def test_a_disk_that_is_full_is_no_fault_of_the_style(trials: Trials, folder: Path) -> None:
    upload = folder / "upload"
    upload.write_text("PASS")
    with pytest.raises(TrialUnavailable):
        await trials.run(upload, folder / "none", None)


async def test_a_spare_that_died_is_replaced(trials: Trials, folder: Path) -> None:
    assert trials.spare
    room = await trials.spare
    os.kill(room.pid, signal.SIGKILL)
    await room.ended()
    assert (await run(trials, folder, "PASS")).notes[0] != str(room.pid)


async def test_a_process_that_cannot_start_is_no_fault_of_the_style(
    rooms: Path, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    trials = Trials(rooms, limits=LIMITS, module="tests.fakes.there_is_none")
    await trials.startup()
    with pytest.raises(TrialUnavailable, match="ended at once"):
        await run(trials, folder, "PASS")
    await trials.shutdown()
    assert "No module named tests.fakes.there_is_none" in caplog.text


async def test_before_it_runs_and_after_nothing_is_tried(rooms: Path, folder: Path) -> None:
    trials = Trials(rooms, limits=LIMITS, module=MODULE)
    with pytest.raises(TrialUnavailable):
        await run(trials, folder, "PASS")
    await trials.startup()
    await trials.shutdown()
    with pytest.raises(TrialUnavailable):
        await run(trials, folder, "PASS")


REGISTRY = """
import asyncio, pathlib, sys
from registry.sandbox.sandbox import Limits
from registry.validation.pool import Trials

async def main(rooms):
    trials = Trials(rooms, limits=Limits(memory=200_000_000), module="tests.fakes.registry.trial_process")
    await trials.startup()
    print((await trials.spare).pid, flush=True)
    await asyncio.sleep(600)

asyncio.run(main(pathlib.Path(sys.argv[1])))
"""


async def test_a_killed_registry_leaves_no_process_and_its_folder_is_swept(
    trials: Trials, folder: Path, rooms: Path
) -> None:
    command = [sys.executable, "-c", REGISTRY, str(rooms)]
    registry = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    assert registry.stdout
    pid = int(await registry.stdout.readline())
    assert is_alive(pid)
    ended = os.pidfd_open(pid)
    registry.kill()
    await registry.wait()
    await _ended(ended)
    assert len(names(rooms)) == 2
    third = Trials(rooms, limits=LIMITS, module=MODULE)
    await third.startup()
    assert len(names(rooms)) == 2  # its own, and that of the one that runs
    assert (await run(trials, folder, "PASS")).format == "onnx"
    await third.shutdown()


async def _ended(pidfd: int) -> None:
    """Waits for the end of a process that is not ours."""
    over = asyncio.Event()
    asyncio.get_running_loop().add_reader(pidfd, over.set)
    await asyncio.wait_for(over.wait(), 30)
    asyncio.get_running_loop().remove_reader(pidfd)
    os.close(pidfd)
