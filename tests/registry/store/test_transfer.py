from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from registry.blobs.folder import FolderBlobs
from registry.database.dialect import StateUnavailable
from registry.store import transfer
from registry.store.access.roles import Writer
from registry.store.location import NoStore, StoreLocation
from registry.store.store import Store
from registry.store.transfer import TABLES, MoveFailed, MoveRefused, move
from styles.formats import style_file
from tests.fakes.registry.databases import POSTGRES, SQLITE, damage, sound, tables
from tests.fakes.registry.postgres import PostgresServer
from tests.fakes.registry.s3 import S3Server
from tests.fakes.registry.service import NAMES
from tests.fakes.registry.versions import publish
from tests.fakes.registry.writers import holder, person

Place = Callable[[str], StoreLocation]
#: Ways to keep a store: its database, and S3 or not.
SQLITE_S3, POSTGRES_S3 = f"{SQLITE} s3", f"{POSTGRES} s3"
KINDS = [SQLITE, POSTGRES, SQLITE_S3, POSTGRES_S3]
#: Each kind is left and reached, and so is each change of one thing alone.
MOVES = [
    (SQLITE, SQLITE),
    (SQLITE, POSTGRES),
    (POSTGRES, SQLITE),
    (SQLITE, SQLITE_S3),
    (SQLITE_S3, POSTGRES_S3),
    (POSTGRES_S3, POSTGRES),
    (POSTGRES, POSTGRES_S3),
]


@pytest.fixture
def database() -> str:
    """Each test names its own."""
    return SQLITE


@pytest.fixture
def place(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Place]:
    """Makes an empty place of a kind."""
    numbers = count()
    lent = ExitStack()

    def new(kind: str) -> StoreLocation:
        url, blobs, endpoint = "", "", ""
        if POSTGRES in kind:
            postgres: PostgresServer = request.getfixturevalue("postgres")
            url = lent.enter_context(postgres.lent_database())
        if "s3" in kind:
            s3: S3Server = request.getfixturevalue("s3")
            blobs, endpoint = s3.new_bucket(), s3.url
        folder = tmp_path / f"place-{next(numbers)}"
        return StoreLocation(folder=folder, database=url, blobs=blobs, endpoint=endpoint)

    with lent:
        yield new


def live_a_little(location: StoreLocation, builtin: Path) -> dict[str, str]:
    """A store in which everything has happened; secrets of a token and of a login in it."""
    with Store(location) as store:
        store.seed(style_file.shipped(builtin))
        for seed in range(3):
            publish(store, "mosaic", seed, by="Zoë")
        store.promote("mosaic", 1, alias="candidate", by=Writer("anna"))
        store.rollback("mosaic")
        store.retire("udnie", by=Writer("anna"))
        store.refused("candy", by=Writer("anna"), reason="“é 🎨” and a NUL: \0")
        store.tokens.add("gone")
        store.tokens.revoke("gone")
        token = store.tokens.add("Anna")
        store.sessions.begin("the environment's")
        session, _ = store.sessions.open(holder(store, "Anna"))
        return {"token": token, "session": session}


def state(location: StoreLocation) -> dict[str, Any]:
    """All that can be seen from outside."""
    with Store(location) as store:
        styles = [store.kept(name) for name in (*NAMES, "mosaic")]
        versions = [version for style in styles for version in style.versions]
        blobs = {blob.digest: blob.read() for v in versions if (blob := store.blob(v.digest))}
        blobs |= {blob.digest: blob.read() for v in versions if (blob := store.blob(v.preview))}
        assert sound(blobs)
        return {
            "styles": styles,
            "list": store.styles(),
            "events": store.changes(0),
            "trail": [replace(entry, detail=entry.detail.replace("\0", "�")) for entry in store.audit(1000)],
            "tokens": store.tokens.list(),
            "blobs": blobs,
        }


@pytest.mark.parametrize(("source", "target"), MOVES)
def test_all_that_was_is_there_and_goes_on(place: Place, builtin: Path, source: str, target: str) -> None:
    old, new = place(source), place(target)
    secrets = live_a_little(old, builtin)
    before = state(old)
    seen: list[tuple[int, int]] = []
    moved = move(old, new, lambda done, total: seen.append((done, total)))
    assert state(new) == state(old) == before
    assert moved.rows["version"] == 6
    assert moved.rows["blob"] == len(before["blobs"]) == len(seen)
    assert seen[-1] == (moved.bytes, moved.bytes) == (sum(map(len, before["blobs"].values())),) * 2
    with Store(new) as store:
        session = store.sessions.find(secrets["session"])
        assert session is not None
        assert session.person == "Anna"
        store.sessions.begin("the environment's")  # the same as before: every login holds
        assert person(store, secrets["token"]) == "Anna"
        assert publish(store, "mosaic").version == 4
        assert store.changes(0).last == before["events"].last + 1
        assert store.tokens.add("Bo")
        assert store.seed(style_file.shipped(builtin)) == []
        assert store.gc().blobs == 0
    assert list((new.folder / "incoming").iterdir()) == []


@pytest.mark.parametrize("kind", [SQLITE, POSTGRES])
def test_a_target_that_is_not_empty_stays_as_it_is(place: Place, builtin: Path, kind: str) -> None:
    old, new = place(SQLITE), place(kind)
    live_a_little(old, builtin)
    with Store(new) as store:
        store.tokens.add("Cy")
    with pytest.raises(MoveRefused, match="it has rows in audit, token"):
        move(old, new)
    with Store(new) as store:
        assert [token.name for token in store.tokens.list()] == ["Cy"]
        assert store.styles() == []


def test_nothing_is_moved_from_nowhere_or_to_itself(place: Place, builtin: Path) -> None:
    with pytest.raises(NoStore, match="no registry at"):
        move(place(SQLITE), place(SQLITE))
    here = place(SQLITE)
    live_a_little(here, builtin)
    with pytest.raises(MoveRefused, match="the same database"):
        move(here, replace(here, folder=here.folder / ".." / here.folder.name))


@pytest.mark.parametrize("target", KINDS)
def test_a_damaged_file_is_found_and_nothing_is_moved_until_it_is_mended(
    place: Place, builtin: Path, target: str
) -> None:
    old, new = place(SQLITE), place(target)
    live_a_little(old, builtin)
    with Store(old) as store:
        style = store.resolve("great-wave")
    path = FolderBlobs(old.folder / "blobs").path(style.digest)
    whole = path.read_bytes()
    damage(old, style.digest, whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(MoveFailed, match=f"{style.digest} is damaged to be moved"):
        move(old, new)
    with tables(new) as db:
        assert not any(db.rows(f"SELECT * FROM {table}") for table in TABLES)
    damage(old, style.digest, whole)
    move(old, new)
    assert state(new) == state(old)


@pytest.mark.parametrize("target", [SQLITE, POSTGRES])
def test_a_move_that_breaks_off_can_be_begun_again(place: Place, builtin: Path, target: str) -> None:
    old, new = place(SQLITE), place(target)
    live_a_little(old, builtin)

    def breaks(done: int, total: int) -> None:
        if done == total:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        move(old, new, breaks)
    with tables(new) as db:
        assert not any(db.rows(f"SELECT * FROM {table}") for table in TABLES)
    assert list((new.folder / "incoming").iterdir()) == []
    move(old, new)
    assert state(new) == state(old)


def test_rows_that_arrive_as_others_are_noticed(
    place: Place, builtin: Path, postgres: PostgresServer
) -> None:
    old, new = place(SQLITE), replace(place(SQLITE), database=postgres.new_database())
    live_a_little(old, builtin)
    with Store(new) as store, store.database.writing() as db:
        db.execute(
            "CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS "
            "'BEGIN NEW.at := left(NEW.at, 4); RETURN NEW; END'"
        )
        db.execute("CREATE TRIGGER cut BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION cut()")
    with pytest.raises(MoveFailed, match="The table event"):
        move(old, new)
    with Store(new) as store:
        assert store.styles() == []


def test_nothing_is_published_meanwhile(place: Place, builtin: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = place(POSTGRES), place(SQLITE)
    live_a_little(old, builtin)
    monkeypatch.setattr("registry.database.postgres.SETTINGS", "SET lock_timeout = '20ms'")
    refused: list[int] = []
    with Store(old) as store:

        def try_to_publish(done: int, total: int) -> None:
            with pytest.raises(StateUnavailable):
                publish(store, "mosaic")
            refused.append(done)

        move(old, new, try_to_publish)
    assert refused
    assert state(new) == state(old)


def test_the_list_of_tables_is_whole(place: Place) -> None:
    """A table of a later migration that is not moved would be lost without a word."""
    staying = {"attempt", "blob_data", "migration"}
    for kind, query in (
        (SQLITE, "SELECT name FROM sqlite_master WHERE type = 'table'"),
        (
            POSTGRES,
            "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema()",
        ),
    ):
        with tables(place(kind)) as db:
            names = {row["name"] for row in db.rows(query) if row["name"][0] != "_"} - {"sqlite_sequence"}
        assert names - staying == set(transfer.TABLES)
