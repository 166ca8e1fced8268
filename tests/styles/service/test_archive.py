"""Backups as files: whole or not there, and every byte is checked on its way back."""

from __future__ import annotations

import errno
import hashlib
import io
import json
import multiprocessing
import os
import signal
import stat
import tarfile
from pathlib import Path

import pytest

from styles.service import archive
from styles.service.archive import BadArchive, ProgressBytes, behind, new_backup, unpack, work_folder
from tests.fakes.deaths import deaths

CONTENT = {"a": b"first", "folder/b": b"x" * 300_000, "folder/empty": b""}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in CONTENT.items():
        path = tmp_path / "source" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return tmp_path / "source"


def pack(folder: Path, file: Path, kind: str, progress: ProgressBytes = lambda *_: None) -> int:
    with new_backup(file, kind) as new:
        return archive.pack(folder, new, progress)


def content_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def unpacked(file: Path) -> dict[str, bytes]:
    target = file.with_name("target")
    target.mkdir()
    unpack(file, target, "tests")
    return content_of(target)


def test_what_is_packed_is_unpacked(folder: Path, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    assert pack(folder, tmp_path / "b.tar", "tests", lambda *both: seen.append(both)) == 300_005
    assert seen[-1] == (600_010, 600_010)
    assert stat.S_IMODE((tmp_path / "b.tar").stat().st_mode) == 0o600
    assert unpacked(tmp_path / "b.tar") == CONTENT


def test_any_tar_can_read_it(folder: Path, tmp_path: Path) -> None:
    pack(folder, tmp_path / "b.tar", "tests")
    with tarfile.open(tmp_path / "b.tar") as tar:
        assert tar.getnames() == [*sorted(CONTENT), "manifest.json"]


def test_no_file_is_overwritten_which_is_said_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "b.tar").write_text("another backup")
    with pytest.raises(FileExistsError, match="name another file"), new_backup(tmp_path / "b.tar", "tests"):
        pytest.fail("the work begins")


@pytest.mark.parametrize(
    ("folder", "why"), [("missing", "No such file or directory"), ("file", "Not a directory")]
)
def test_a_folder_that_takes_no_backup_is_named_before_the_work(
    tmp_path: Path, folder: str, why: str
) -> None:
    (tmp_path / "file").touch()
    target = tmp_path / folder / "b.tar"
    with (
        pytest.raises(OSError, match=f"^The folder {target.parent} cannot be written: {why}.$"),
        new_backup(target, "tests"),
    ):
        pytest.fail("the work begins")


def test_progress_goes_on_behind_other_work() -> None:
    seen: list[tuple[int, int]] = []
    behind(10, lambda done, total: seen.append((done, total)))(5, 30)
    assert seen == [(15, 40)]


def test_another_kind_is_not_unpacked(folder: Path, tmp_path: Path) -> None:
    pack(folder, tmp_path / "b.tar", "something else")
    with pytest.raises(BadArchive, match="is a backup of something else, not of tests"):
        unpacked(tmp_path / "b.tar")


@pytest.mark.parametrize("where", [514, 200_000, 301_700])
def test_a_changed_byte_is_noticed(folder: Path, tmp_path: Path, where: int) -> None:
    pack(folder, tmp_path / "b.tar", "tests")
    whole = bytearray((tmp_path / "b.tar").read_bytes())
    whole[where] ^= 1
    (tmp_path / "b.tar").write_bytes(whole)
    with pytest.raises(BadArchive):
        unpacked(tmp_path / "b.tar")


@pytest.mark.parametrize("length", [0, 100, 1024, 100_000, 302_000])
def test_a_file_that_is_cut_is_noticed(folder: Path, tmp_path: Path, length: int) -> None:
    pack(folder, tmp_path / "b.tar", "tests")
    whole = (tmp_path / "b.tar").read_bytes()
    (tmp_path / "b.tar").write_bytes(whole[:length])
    with pytest.raises(BadArchive, match="no whole backup"):
        unpacked(tmp_path / "b.tar")


@pytest.mark.parametrize("name", ["../outside", "/outside", "a/../../outside"])
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    manifest = {"kind": "tests", "sha256": {name: hashlib.sha256(b"first").hexdigest()}}
    with tarfile.open(tmp_path / "b.tar", "w") as tar:
        for member, content in ((name, b"first"), ("manifest.json", json.dumps(manifest).encode())):
            info = tarfile.TarInfo(member)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    with pytest.raises(BadArchive, match="names files outside of its folder"):
        unpacked(tmp_path / "b.tar")
    assert not (tmp_path / "outside").exists()


def test_killed_at_any_point_there_is_a_whole_file_or_none(folder: Path, tmp_path: Path) -> None:
    file, points = tmp_path / "b.tar", 0
    for points in deaths(_pack_if_missing, folder, file):  # noqa: B007 - counted
        assert [path.name for path in tmp_path.glob("b.tar*")] in ([], ["b.tar"])
    assert points > 1
    assert unpacked(file) == CONTENT


def _pack_if_missing(folder: Path, file: Path) -> None:
    if not file.exists():
        pack(folder, file, "tests")


def test_the_next_backup_removes_what_a_killed_one_left(folder: Path, tmp_path: Path) -> None:
    program = multiprocessing.get_context("fork").Process(target=_die, args=(folder, tmp_path / "monday.tar"))
    program.start()
    program.join()
    assert program.exitcode == -signal.SIGKILL
    assert len(list(tmp_path.iterdir())) == 2
    pack(folder, tmp_path / "tuesday.tar", "tests")
    assert {path.name for path in tmp_path.iterdir()} == {"source", "tuesday.tar"}


def _die(folder: Path, file: Path) -> None:
    pack(folder, file, "tests", lambda *_: os.kill(os.getpid(), signal.SIGKILL))


def test_interrupted_it_leaves_nothing(folder: Path, tmp_path: Path) -> None:
    def interrupt(*_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pack(folder, tmp_path / "b.tar", "tests", interrupt)
    assert [path.name for path in tmp_path.iterdir()] == ["source"]


def test_a_file_that_another_process_makes_is_not_overwritten(folder: Path, tmp_path: Path) -> None:
    def make(*_: int) -> None:
        (tmp_path / "b.tar").write_text("another backup")

    with pytest.raises(FileExistsError, match="exists already"):
        pack(folder, tmp_path / "b.tar", "tests", make)
    assert (tmp_path / "b.tar").read_text() == "another backup"


@pytest.mark.parametrize("number", [errno.EPERM, errno.EOPNOTSUPP])
def test_a_disk_without_second_names_takes_a_backup(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def link(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "link", link)
    pack(folder, tmp_path / "b.tar", "tests")
    assert unpacked(tmp_path / "b.tar") == CONTENT


def test_a_work_folder_is_of_one_process_and_empty(tmp_path: Path) -> None:
    path = tmp_path / "work"
    (path / "of").mkdir(parents=True)
    (path / "of" / "a killed process").touch()
    with work_folder(path) as work:
        assert list(work.iterdir()) == []
        with pytest.raises(BlockingIOError, match="Another backup is at work"), work_folder(path):
            pass
        assert work.exists()
    assert not path.exists()
