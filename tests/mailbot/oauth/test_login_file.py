"""The file of a login: for its owner alone, whole or not there, and used by one process at a time."""

from __future__ import annotations

import multiprocessing
import os
import stat
from pathlib import Path

import pytest

from mailbot.oauth.login_file import LoginFile, NoToken, code_of


def test_only_its_owner_reads_it(kept: LoginFile) -> None:
    before = os.umask(0)
    try:
        kept.write({"kind": "google"})
        kept.write({"kind": "microsoft"})
    finally:
        os.umask(before)
    assert stat.S_IMODE(kept.path.stat().st_mode) == 0o600
    assert kept.read() == {"kind": "microsoft"}


def test_its_name_is_on_the_disk_when_it_is_written(kept: LoginFile, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[tuple[bool, bool]] = []

    def fsync(descriptor: int) -> None:
        synced.append((stat.S_ISDIR(os.fstat(descriptor).st_mode), kept.path.exists()))

    monkeypatch.setattr(os, "fsync", fsync)
    kept.write({"kind": "google"})
    assert synced == [(False, False), (True, True)]


def test_a_part_that_a_crash_left_lends_it_no_rights(kept: LoginFile) -> None:
    part = kept.path.with_name(f"{kept.path.name}.part")
    part.write_text("half")
    part.chmod(0o644)
    kept.write({})
    assert stat.S_IMODE(kept.path.stat().st_mode) == 0o600
    assert not part.exists()


@pytest.mark.parametrize("text", ["", "[]", "{", "\0"])
def test_what_is_no_login_is_told_of_without_its_words(kept: LoginFile, text: str) -> None:
    kept.path.write_text(text)
    with pytest.raises(NoToken, match="cannot be read"):
        kept.read()


def test_nobody_has_logged_in(kept: LoginFile) -> None:
    with pytest.raises(NoToken, match="run `mailbot login`"):
        kept.read()


def _count(path: Path) -> None:
    kept = LoginFile(path)
    for _ in range(50):
        with kept.alone():
            kept.write({"count": kept.read()["count"] + 1})


def test_one_process_at_a_time_changes_it(kept: LoginFile) -> None:
    kept.write({"count": 0})
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_count, args=(kept.path,)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert kept.read() == {"count": 100}


def test_of_an_answer_only_a_code_is_shown() -> None:
    assert code_of("invalid_grant") == "invalid_grant"
    assert code_of("token ya29.secret\n") == code_of(None) == "no reason given"
