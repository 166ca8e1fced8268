"""A work folder's edges: files across disks, what is written into logs. `test_validate.py` has the whole of
it.
"""

from __future__ import annotations

import asyncio
import logging
import os
from pathlib import Path

import pytest

from registry.validation import worker_handle
from registry.validation.worker_handle import SandboxedWorker, ValidationUnavailable
from styles.errors import BadCheckpoint
from styles.sandbox.sandbox import Limits
from tests.fakes.waiting import until

LIMITS = Limits(memory=200_000_000)
MODULE = "tests.fakes.registry.worker_process"


async def test_on_one_disk_the_upload_is_not_copied(tmp_path: Path) -> None:
    upload = tmp_path / "upload"
    upload.write_text("PASS")
    opened = await SandboxedWorker.open(tmp_path / "work", MODULE, LIMITS)
    await opened.run(upload, None, 30)
    assert upload.stat().st_nlink == 2
    await opened.close()
    assert upload.stat().st_nlink == 1


async def test_between_disks_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*paths: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", refuse)
    upload = tmp_path / "upload"
    upload.write_text("PASS")
    opened = await SandboxedWorker.open(tmp_path / "work", MODULE, LIMITS)
    await opened.run(upload, None, 30)
    assert upload.stat().st_nlink == 1
    kept, preview = opened.hand_over(tmp_path)
    assert (kept.parent, kept.read_text(), preview.exists()) == (tmp_path, "PASS", True)
    await opened.close()
    assert not (tmp_path / "work").exists()


async def test_last_words_are_the_last_and_hold_no_escape_codes(tmp_path: Path) -> None:
    upload = tmp_path / "upload"
    upload.write_text("CHATTER")
    opened = await SandboxedWorker.open(tmp_path / "work", MODULE, LIMITS)
    await opened.run(upload, None, 30)
    await opened.close()
    assert opened.last_words.endswith("\nthe end")
    assert len(opened.last_words) <= worker_handle.LAST_WORDS
    assert not [c for c in opened.last_words if not c.isprintable() and c != "\n"]


@pytest.mark.parametrize("upload", ["SCRAWL", "BABBLE", "CRASH"])
async def test_what_a_process_says_is_one_line_of_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, upload: str
) -> None:
    caplog.set_level(logging.INFO, logger=worker_handle.__name__)
    (tmp_path / "upload").write_text(upload)
    opened = await SandboxedWorker.open(tmp_path / "work", MODULE, LIMITS)
    with pytest.raises(BadCheckpoint):
        await opened.run(tmp_path / "upload", None, 30)
    await opened.close()
    told = [record.getMessage() for record in caplog.records if record.name == worker_handle.__name__]
    assert told
    assert all(line.isprintable() for line in told)


async def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    with pytest.raises(ValidationUnavailable):
        await SandboxedWorker.open(tmp_path / "none" / "work", MODULE, LIMITS)


async def test_what_opens_it_may_be_cancelled(tmp_path: Path) -> None:
    """Then nobody could close it: it has done so itself."""
    opening = asyncio.create_task(SandboxedWorker.open(tmp_path / "work", MODULE, LIMITS))
    await until((tmp_path / "work" / "out").exists)
    opening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await opening
    assert not (tmp_path / "work").exists()
