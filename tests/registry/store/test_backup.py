"""Backups of a store that is at work, restored elsewhere, and to the other database."""

from __future__ import annotations

import multiprocessing
import os
import signal
import stat
import threading
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mailbot.storage.backup import KIND as BOT
from registry.cli.main import app
from registry.store import backup
from registry.store.backup import back_up, restore
from registry.store.location import NoStore, StoreLocation
from registry.store.store import Store
from registry.store.transfer import MoveRefused
from styles.service.archive import BadArchive, new_backup, pack
from tests.fakes.deaths import deaths
from tests.fakes.registry.postgres import PostgresServer
from tests.fakes.registry.versions import publish


@pytest.fixture
def here(tmp_path: Path) -> StoreLocation:
    """A store with three versions of two styles."""
    location = StoreLocation(folder=tmp_path / "here")
    with Store(location) as store:
        for name, seed in (("mosaic", 1), ("mosaic", 2), ("udnie", 3)):
            publish(store, name, seed)
    return location


def content_of(location: StoreLocation) -> dict[str, bytes]:
    """The bytes of each version's file, by name and number."""
    with Store(location, sweep=False) as store:
        found = {}
        for style in store.styles():
            for version in range(1, max(style.aliases.values()) + 1):
                resolved = store.resolve(style.name, str(version))
                blob = store.blob(resolved.digest)
                assert blob is not None
                found[f"{style.name} {version}"] = blob.read()
        return found


def test_all_is_restored_in_another_folder(here: StoreLocation, tmp_path: Path) -> None:
    made = back_up(here, tmp_path / "b.tar")
    assert (made.rows["style"], made.rows["version"]) == (2, 3)
    there = StoreLocation(folder=tmp_path / "there")
    assert restore(tmp_path / "b.tar", there).rows == made.rows
    assert content_of(there) == content_of(here)
    assert len(content_of(there)) == 3
    assert {path.name for path in tmp_path.iterdir()} == {"here", "b.tar", "there"}
    assert list(there.folder.glob("*.work")) == []


def test_from_postgresql_to_sqlite_and_back(tmp_path: Path, postgres: PostgresServer) -> None:
    first = StoreLocation(folder=tmp_path / "first", database=postgres.new_database())
    with Store(first) as store:
        publish(store, "mosaic", 1)
    back_up(first, tmp_path / "1.tar")
    second = StoreLocation(folder=tmp_path / "second")
    restore(tmp_path / "1.tar", second)
    back_up(second, tmp_path / "2.tar")
    third = StoreLocation(folder=tmp_path / "third", database=postgres.new_database())
    restore(tmp_path / "2.tar", third)
    assert content_of(first) == content_of(second) == content_of(third)


def test_styles_are_published_meanwhile(here: StoreLocation, tmp_path: Path) -> None:
    """A backup waits for no publication, and none for it."""
    stop = threading.Event()
    published: list[int] = []

    def go_on() -> None:
        with Store(here, sweep=False) as store:
            while not stop.is_set():
                publish(store, "mosaic", 10 + len(published))
                published.append(1)

    publishing = threading.Thread(target=go_on)
    publishing.start()
    try:
        for number in range(3):
            made = back_up(here, tmp_path / f"{number}.tar")
            there = StoreLocation(folder=tmp_path / f"there-{number}")
            assert restore(tmp_path / f"{number}.tar", there).rows == made.rows
            assert len(content_of(there)) == made.rows["version"]
    finally:
        stop.set()
        publishing.join()
    assert published


def test_a_publication_is_not_held_up(here: StoreLocation, tmp_path: Path) -> None:
    with Store(here, sweep=False) as store:

        def meanwhile(_done: int, _total: int) -> None:
            publish(store, "udnie", 20)

        back_up(here, tmp_path / "b.tar", meanwhile)
        assert max(each.version for each in store.style("udnie").versions) > 1


def test_a_store_that_is_not_empty_is_refused_before_the_work(
    here: StoreLocation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up(here, tmp_path / "b.tar")
    monkeypatch.setattr(backup, "unpack", lambda *_: pytest.fail("the work begins"))
    with pytest.raises(MoveRefused, match=r"here/registry.db is not empty: it has rows in style, blob"):
        restore(tmp_path / "b.tar", here)


def test_a_registry_that_is_nowhere_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(NoStore, match=r"no registry at .*wrong/registry.db: does \[registry\] data name"):
        back_up(StoreLocation(folder=tmp_path / "wrong"), tmp_path / "b.tar")
    assert list(tmp_path.iterdir()) == []


def test_a_taken_name_is_refused_before_anything_is_copied(
    here: StoreLocation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "move", lambda *_, **__: pytest.fail("the work begins"))
    (tmp_path / "b.tar").touch()
    with pytest.raises(FileExistsError, match="name another file"):
        back_up(here, tmp_path / "b.tar")
    with pytest.raises(OSError, match="cannot be written"):
        back_up(here, tmp_path / "missing" / "b.tar")


def test_progress_leads_through_the_whole_work(here: StoreLocation, tmp_path: Path) -> None:
    written: list[tuple[int, int]] = []
    restored: list[tuple[int, int]] = []
    back_up(here, tmp_path / "b.tar", lambda done, total: written.append((done, total)))
    restore(
        tmp_path / "b.tar",
        StoreLocation(folder=tmp_path / "there"),
        lambda done, total: restored.append((done, total)),
    )
    for seen in (written, restored):
        assert [done for done, _ in seen] == sorted(done for done, _ in seen)
        assert seen[0][0] < seen[-1][0] / 2
        assert seen[-1][0] == seen[-1][1]


def test_what_a_killed_backup_left_goes_with_the_next(here: StoreLocation, tmp_path: Path) -> None:
    program = multiprocessing.get_context("fork").Process(target=_die, args=(here, tmp_path / "monday.tar"))
    program.start()
    program.join()
    assert {path.name for path in tmp_path.iterdir()} == {"here", "the-registry.part"}
    back_up(here, tmp_path / "tuesday.tar")
    assert {path.name for path in tmp_path.iterdir()} == {"here", "tuesday.tar"}


def _die(here: StoreLocation, file: Path) -> None:
    back_up(here, file, lambda *_: os.kill(os.getpid(), signal.SIGKILL))


def test_a_backup_of_the_bot_is_none_of_the_registry(tmp_path: Path) -> None:
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot" / "ledger.db").write_bytes(b"a ledger")
    with new_backup(tmp_path / "b.tar", BOT) as new:
        pack(tmp_path / "bot", new)
    with pytest.raises(BadArchive, match="is a backup of the bot's ledger, not of the registry"):
        restore(tmp_path / "b.tar", StoreLocation(folder=tmp_path / "there"))


def test_killed_at_any_point_a_backup_is_whole_or_not_there(here: StoreLocation, tmp_path: Path) -> None:
    points = 0
    for points in deaths(_back_up_if_missing, here, tmp_path / "b.tar"):
        if (tmp_path / "b.tar").exists():
            restore(tmp_path / "b.tar", StoreLocation(folder=tmp_path / f"there-{points}"))
    assert points > 10
    restore(tmp_path / "b.tar", StoreLocation(folder=tmp_path / "there"))
    assert content_of(StoreLocation(folder=tmp_path / "there")) == content_of(here)


def test_killed_at_any_point_a_restore_can_be_repeated(here: StoreLocation, tmp_path: Path) -> None:
    back_up(here, tmp_path / "b.tar")
    there, points = StoreLocation(folder=tmp_path / "there"), 0
    for points in deaths(_restore_if_empty, tmp_path / "b.tar", there):  # noqa: B007 - counted
        pass
    assert points > 10
    assert content_of(there) == content_of(here)


def _back_up_if_missing(here: StoreLocation, file: Path) -> None:
    if not file.exists():
        back_up(here, file)


def _restore_if_empty(file: Path, there: StoreLocation) -> None:
    try:
        restore(file, there)
    except MoveRefused:  # the one before was killed after its transaction
        assert content_of(there)


def test_the_commands_say_what_they_did(here: StoreLocation, tmp_path: Path) -> None:
    for name in ("here", "there"):
        (tmp_path / f"{name}.toml").write_text(f'[registry]\ndata = "{name}"\n')
    file = str(tmp_path / "b.tar")
    said = CliRunner().invoke(app, ["backup", file, "--config", str(tmp_path / "here.toml")])
    assert (said.exit_code, "2 styles in 3 versions" in said.output) == (0, True), said.output
    said = CliRunner().invoke(app, ["restore", file, "--config", str(tmp_path / "there.toml")])
    assert (said.exit_code, said.output.startswith("Restored 2 styles in 3 versions")) == (0, True)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "there").iterdir()}
    assert modes["registry.db"] == 0o600
    assert stat.S_IMODE((tmp_path / "there").stat().st_mode) == modes["blobs"] == 0o700
    said = CliRunner().invoke(app, ["restore", "/nope.tar"])
    assert (said.exit_code, "'/nope.tar' does not exist" in said.output) == (2, True)
