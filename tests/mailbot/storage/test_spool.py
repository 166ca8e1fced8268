"""The spool's files."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailbot.storage.spool import Spool


def test_what_is_put_can_be_read_and_removed(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    name = spool.put(b"\x00mail\r\n")
    assert spool.put(b"\x00mail\r\n") == name
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert spool.read(name) == b"\x00mail\r\n"
    spool.remove(name)
    spool.remove(name)
    with pytest.raises(FileNotFoundError):
        spool.read(name)


def test_one_content_may_be_kept_twice_under_two_marks(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    first, second = spool.put(b"head", "-1"), spool.put(b"head", "-2")
    spool.remove(first)
    assert spool.read(second) == b"head"


def test_tidy_removes_parts_and_what_no_row_names(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    kept, orphan = spool.put(b"kept"), spool.put(b"orphan")
    (tmp_path / f"{kept}.part").write_bytes(b"ke")
    assert spool.tidy({kept}) == 2
    assert [path.name for path in tmp_path.iterdir()] == [kept]
    assert orphan != kept
