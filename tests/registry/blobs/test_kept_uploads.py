from __future__ import annotations

from pathlib import Path

import pytest

from registry.blobs import kept_uploads
from registry.blobs.kept_uploads import MOST_KEPT, KeptUploads, NotKept
from tests.fakes.waiting import until


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "file").write_bytes(b"weights")
    return tmp_path / "file"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "incoming").mkdir()
    return tmp_path / "incoming"


def files(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def test_a_file_is_there_as_often_as_it_is_asked_for(folder: Path, file: Path) -> None:
    kept = KeptUploads(folder)
    kept.keep("ada", "sha256:1", file)
    for name in ("one", "other"):
        kept.take("ada", "sha256:1", folder / name)
        assert (folder / name).read_bytes() == b"weights"


async def test_nobody_gets_a_file_of_another_person_or_another_digest(folder: Path, file: Path) -> None:
    kept = KeptUploads(folder)
    kept.keep("ada", "sha256:1", file)
    for person, digest in (("bo", "sha256:1"), ("ada", "sha256:2")):
        with pytest.raises(NotKept, match="send it again"):
            kept.take(person, digest, folder / "target")


async def test_the_next_file_of_a_person_takes_the_place(folder: Path, file: Path) -> None:
    kept = KeptUploads(folder)
    for digest in ("sha256:1", "sha256:2", "sha256:2"):
        kept.keep("ada", digest, file)
    assert len(files(folder)) == 1
    with pytest.raises(NotKept):
        kept.take("ada", "sha256:1", folder / "target")


async def test_where_many_are_kept_the_one_unused_for_longest_goes(folder: Path, file: Path) -> None:
    kept = KeptUploads(folder)
    people = [f"person {number}" for number in range(MOST_KEPT)]
    for person in (*people, people[0], "one more"):
        kept.keep(person, "sha256:1", file)
    assert len(files(folder)) == MOST_KEPT
    kept.take(people[0], "sha256:1", folder / "target")
    with pytest.raises(NotKept):
        kept.take(people[1], "sha256:1", folder / "other")


async def test_a_file_goes_after_its_time(folder: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_uploads, "KEPT_SECONDS", 0.0)
    kept = KeptUploads(folder)
    kept.keep("ada", "sha256:1", file)
    await until(lambda: not files(folder))
    with pytest.raises(NotKept):
        kept.take("ada", "sha256:1", folder / "target")


async def test_what_was_swept_away_is_sent_again(folder: Path, file: Path) -> None:
    kept = KeptUploads(folder)
    kept.keep("ada", "sha256:1", file)
    for path in files(folder):
        path.unlink()
    with pytest.raises(NotKept):
        kept.take("ada", "sha256:1", folder / "target")
    kept.keep("ada", "sha256:1", file)
    kept.take("ada", "sha256:1", folder / "target")
