"""Jobs on disk: what was accepted is found again, and nothing else."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from runner.learning.job import JobRecord
from runner.learning.job_store import NEEDLESS, LearningStore
from runner.learning.messages import LearningOrder

ID = "0123456789abcdef" * 2


def record(id: str = ID, came: float = 1.0) -> JobRecord:
    order = LearningOrder(name="garden", corners=((0, 0), (1, 0), (1, 1), (0, 1)))
    return JobRecord(id=id, order=order, came=came, summary={"steps": 7}, deaths=1)


@pytest.fixture
def store(tmp_path: Path) -> LearningStore:
    store = LearningStore(tmp_path / "learning")
    assert store.open()
    return store


def test_records_come_back_in_the_order_of_their_coming(store: LearningStore) -> None:
    for number, came in (("1", 3.0), ("2", 2.0)):
        store.write(number * 32, "painting", b"canvas")
        store.write_record(record(number * 32, came))
    found = store.records()
    assert [one.id[0] for one in found] == ["2", "1"]
    assert (found[0].order, found[0].summary, found[0].deaths) == (record().order, {"steps": 7}, 1)


def test_what_was_never_accepted_or_is_broken_goes(store: LearningStore) -> None:
    store.write("1" * 32, "painting", b"canvas")
    store.write("2" * 32, "painting", b"canvas")
    (store.folder / ("2" * 32) / "job.json").write_text('{"id": 7}')
    (store.folder / "vgg16.pth").touch()
    assert store.records() == []
    assert [file.name for file in store.folder.iterdir()] == ["vgg16.pth"]


def test_what_a_killed_balancer_was_writing_goes(store: LearningStore) -> None:
    store.accept(record(), b"canvas", b"")
    for folder in (store.folder, store.folder / ID):
        (folder / "half.partial").touch()
    store.close()
    assert store.open()
    assert list(store.folder.rglob("*.partial")) == []
    assert store.read(ID, "painting") == b"canvas"


def test_what_cannot_be_read_now_is_left_for_the_next_start(store: LearningStore) -> None:
    store.write("1" * 32, "painting", b"canvas")
    (store.folder / ("1" * 32) / "job.json").mkdir()  # as a failing disk: another error than a missing file
    assert store.records() == []
    assert store.read("1" * 32, "painting") == b"canvas"


def test_of_a_job_that_has_ended_nothing_more_is_written(store: LearningStore) -> None:
    store.accept(record(), b"canvas", b"")
    for gone in (NEEDLESS["cancelled"], ()):
        store.forget(ID, *gone)
        with pytest.raises(FileNotFoundError):
            store.write(ID, "painting.jpg", b"painting")
        with suppress(FileNotFoundError):  # the record lasts as long as the folder
            store.write_record(record())
        assert [path.name for path in store.folder.rglob("*") if path.is_file()] == ["job.json"] * bool(gone)
    assert list(store.folder.iterdir()) == []


def test_only_jobs_have_paths(store: LearningStore) -> None:
    for id in ("..", "x", "0" * 31, f"{'0' * 32}/.."):
        with pytest.raises(ValueError, match="no id"):
            store.read(id, "painting")


def test_the_folder_is_for_its_user_and_for_one_balancer(store: LearningStore) -> None:
    assert store.folder.stat().st_mode & 0o077 == 0
    other = LearningStore(store.folder)
    assert not other.open()
    store.close()
    assert other.open()
    other.close()
