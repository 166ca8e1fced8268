"""What the store relies on, of both databases."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial

import pytest

from registry.database.dialect import StateDatabase, Transaction, ascii_lower, now
from registry.store.location import StoreLocation
from tests.fakes.registry.databases import both

pytestmark = both
MOSAIC = {"name": "mosaic", "created": now()}
UDNIE = {"name": "udnie", "created": now()}
#: Seconds after which what should not wait has waited.
TOO_LONG = 20.0


@pytest.fixture
def state(location: StoreLocation) -> Iterator[StateDatabase]:
    with closing(location.open().database) as state:
        yield state


@pytest.fixture
def other(location: StoreLocation, state: StateDatabase) -> Iterator[StateDatabase]:
    """As another process has it open."""
    with closing(location.open().database) as other:
        yield other


def names(db: Transaction) -> list[str]:
    return [row["name"] for row in db.rows("SELECT name FROM style ORDER BY name")]


def styles(state: StateDatabase) -> list[str]:
    with state.reading() as db:
        return names(db)


@pytest.mark.parametrize("outcome", ["kept", "undone"])
def test_a_transaction_is_all_or_nothing(state: StateDatabase, other: StateDatabase, outcome: str) -> None:
    try:
        with state.writing() as db:
            db.insert("style", MOSAIC)
            db.insert("style", UDNIE)
            assert styles(other) == []
            if outcome == "undone":
                raise ZeroDivisionError
    except ZeroDivisionError:
        pass
    assert styles(other) == (["mosaic", "udnie"] if outcome == "kept" else [])


@pytest.mark.parametrize("same_process", [True, False])
def test_who_reads_does_not_wait_for_who_writes(
    state: StateDatabase, other: StateDatabase, same_process: bool
) -> None:
    with ThreadPoolExecutor(1) as thread:
        with (state if same_process else other).writing() as db:
            db.insert("style", MOSAIC)
            assert thread.submit(styles, state).result(TOO_LONG) == []
        assert styles(state) == ["mosaic"]


def test_reads_are_of_one_moment(state: StateDatabase) -> None:
    with state.reading() as db:
        assert names(db) == []
        with state.writing() as writer:
            writer.insert("style", MOSAIC)
        assert names(db) == []
    assert styles(state) == ["mosaic"]


def test_who_reads_cannot_write(state: StateDatabase) -> None:
    with pytest.raises(Exception, match=r"read-?only"), state.reading() as db:
        db.insert("style", MOSAIC)
    assert styles(state) == []


def test_threads_and_processes_write_one_after_the_other(state: StateDatabase, other: StateDatabase) -> None:
    def add_one(number: int) -> None:
        with (state, other)[number % 2].writing() as db:
            db.insert("style", {"name": f"style-{len(names(db))}", "created": now()})

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(add_one, range(40)))  # two that read the same number would write the same name
    assert len(styles(state)) == 40


def test_closing_waits_for_who_is_writing(state: StateDatabase, other: StateDatabase) -> None:
    closing_thread = threading.Thread(target=state.close)
    with state.writing() as db:
        closing_thread.start()
        closing_thread.join(0.05)
        db.insert("style", MOSAIC)
    closing_thread.join(TOO_LONG)
    assert not closing_thread.is_alive()
    assert styles(other) == ["mosaic"]


async def test_closing_waits_for_the_writes_that_wait_for_another_process(
    state: StateDatabase, other: StateDatabase
) -> None:
    def add(number: int) -> None:
        with state.writing() as db:
            db.insert("style", {"name": f"style-{number}", "created": now()})

    with other.writing():
        writing = [asyncio.ensure_future(state.writes(partial(add, n))) for n in range(8)]
        closed = asyncio.ensure_future(asyncio.to_thread(state.close))
        await asyncio.wait([closed], timeout=0.05)
        assert not closed.done()
    await asyncio.gather(closed, *writing)
    assert len(styles(other)) == 8


async def test_each_write_is_told_also_one_that_fails(state: StateDatabase) -> None:
    told: list[int] = []
    state.after_write = lambda: told.append(1)
    assert await state.writes(lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        await state.writes(lambda: 1 / 0)
    assert len(told) == 2


def test_a_row_that_is_there_is_refused_or_left_out(state: StateDatabase) -> None:
    with state.writing() as db:
        db.insert("style", MOSAIC)
        db.insert("style", MOSAIC | {"created": "later"}, ignore=True)
    with pytest.raises(Exception, match=r"(?i)unique"), state.writing() as db:
        db.insert("style", MOSAIC)
    with state.reading() as db:
        assert db.rows("SELECT * FROM style") == [MOSAIC | {"retired": None, "owner": ""}]


def test_texts_are_sorted_by_their_bytes(state: StateDatabase) -> None:
    unsorted = ["zoo", "a-b", "ab", "a1", "a-a", "0"]
    with state.writing() as db:
        for name in unsorted:
            db.insert("style", {"name": name, "created": now()})
    assert styles(state) == sorted(unsorted)


@pytest.mark.parametrize("name", ["Anna", "ZOË", "张伟", "ANNA+ci@example.org", "Straße İ"])
def test_folding_is_the_same_here_and_there(state: StateDatabase, name: str) -> None:
    with state.writing() as db:
        db.insert("style", {"name": name, "created": now()})
        assert db.rows("SELECT lower(name) AS name FROM style") == [{"name": ascii_lower(name)}]


def test_texts_and_bytes_come_back_as_they_were(state: StateDatabase) -> None:
    row = {"salt": bytes(range(256)), "hash": b""}
    text = "“%s?” \\ ' \" \n 🎨"
    with state.writing() as db:
        db.insert("environment", row)
        db.insert("style", {"name": text, "created": now()})
        assert db.rows("SELECT * FROM environment") == [row]
    assert styles(state) == [text]


def test_a_name_that_nothing_can_have_is_found_nowhere(state: StateDatabase) -> None:
    with state.reading() as db:
        assert db.rows("SELECT * FROM style WHERE name = ?", "mosaic\0") == []


def test_moments_sort_as_they_came(state: StateDatabase) -> None:
    moments = [now() for _ in range(100)]
    assert moments == sorted(moments)
    assert len(set(map(len, moments))) == 1
