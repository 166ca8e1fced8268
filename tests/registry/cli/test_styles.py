from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from registry.blobs.incoming_files import ABANDONED_AFTER
from registry.cli.common import acting
from registry.cli.styles import app
from registry.store.location import StoreLocation
from registry.store.store import Store
from tests.fakes.registry.versions import publish

Run = Callable[..., Any]  # gives the Result of click or of typer, as the version has it


@pytest.fixture
def run(tmp_path: Path) -> Run:
    file = tmp_path / "config.toml"
    file.write_text('[registry]\ndata = "store"\n')
    return lambda *words: CliRunner().invoke(app, [*map(str, words), "--config", str(file)])


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """As a registry that is running has it open, with two versions of mosaic."""
    with Store(StoreLocation(folder=tmp_path / "store")) as store:
        publish(store, "mosaic", by="anna")
        publish(store, "mosaic", by="bo")
        yield store


def test_promote_makes_a_version_live_for_a_registry_that_runs(run: Run, store: Store) -> None:
    shown = run("promote", "mosaic", 1)
    assert (shown.exit_code, shown.output) == (0, "mosaic: live is version 1.\n")
    assert store.style("mosaic").aliases == {"live": 1, "previous": 2}
    assert store.audit(1)[0].by == acting().person
    assert run("promote", "mosaic", 1, "--alias", "candidate").output == "mosaic: candidate is version 1.\n"
    assert store.resolve("mosaic", "candidate").version == 1


def test_rollback_and_back(run: Run, store: Store) -> None:
    assert run("rollback", "mosaic").output == "mosaic: live is version 1 again.\n"
    assert run("rollback", "mosaic").output == "mosaic: live is version 2 again.\n"
    assert store.audit(1)[0].by == acting().person


def test_a_rollback_from_a_version_may_be_given_again(run: Run, store: Store) -> None:
    assert run("rollback", "mosaic", "--from", 2).output == "mosaic: live is version 1 again.\n"
    again = run("rollback", "mosaic", "--from", 2)
    assert again.exit_code == 1
    assert again.output.splitlines() == ["mosaic: live is at version 1 and not at 2. Nothing was changed."]
    assert store.style("mosaic").aliases == {"live": 1, "previous": 2}


def test_an_alias_goes_and_its_version_stays(run: Run, store: Store) -> None:
    run("promote", "mosaic", 1, "--alias", "night")
    shown = run("unalias", "mosaic", "night")
    assert (shown.exit_code, shown.output) == (0, "mosaic@night means nothing any more.\n")
    assert store.style("mosaic").aliases == {"live": 2, "previous": 1}
    assert store.resolve("mosaic", 1).version == 1
    entry = store.audit(1)[0]
    assert (entry.by, entry.detail) == (acting().person, "night")


def test_a_style_is_handed_over_to_a_person_and_to_the_registry(run: Run, store: Store) -> None:
    store.tokens.add("Bo")
    assert run("hand-over", "mosaic", "bo").output == "mosaic belongs to Bo.\n"
    assert "mosaic, of Bo" in run("history", "mosaic").output
    assert run("hand-over", "mosaic").output == "mosaic belongs to the registry itself.\n"
    assert store.ownership("mosaic").owner == ""
    assert [entry.by for entry in store.audit(2)] == [acting().person] * 2


def test_a_style_that_was_taught_by_mail_is_its_authors(run: Run, store: Store) -> None:
    publish(store, "hills", author="ann@example.org")
    shown = run("history", "hills").output
    assert "hills, of the person who mailed its painting" in shown
    assert "ann@example.org" not in shown


def test_retire_tells_how_it_is_undone(run: Run, store: Store) -> None:
    shown = run("retire", "mosaic").output
    assert store.styles() == []
    words = shown.strip().rpartition("registry ")[2].split()
    assert words == ["promote", "mosaic", "2"]
    assert run(*words).exit_code == 0
    assert store.resolve("mosaic").version == 2


def test_history_shows_versions_aliases_and_who(run: Run, store: Store) -> None:
    rows = [line.split("│") for line in run("history", "mosaic").output.splitlines() if "│" in line]
    cells = [[cell.strip() for cell in row[1:-1]] for row in rows]
    digests = [version.digest[7:19] for version in store.style("mosaic").versions]
    created = [version.created[:16].replace("T", " ") for version in store.style("mosaic").versions]
    assert cells == [
        ["2", "live", created[0], "bo", "Mosaic", "onnx", "20", digests[0]],
        ["1", "previous", created[1], "anna", "Mosaic", "onnx", "20", digests[1]],
    ]
    store.retire("mosaic")
    assert "mosaic, retired 20" in run("history", "mosaic").output


def test_audit_shows_the_newest_first(run: Run, store: Store) -> None:
    publish(store, "udnie", by="cy")
    lines = [line for line in run("audit").output.splitlines() if "published" in line]
    assert [line.split("│")[2].strip() for line in lines] == ["cy", "bo", "anna"]
    assert "udnie" not in run("audit", "--style", "mosaic").output
    assert "mosaic" not in run("audit", "--limit", 1).output


def test_gc_tells_what_goes_before_and_after(run: Run, store: Store, tmp_path: Path) -> None:
    blob = tmp_path / "store" / "blobs" / "ab" / "ab".ljust(64, "0")
    blob.parent.mkdir(exist_ok=True)
    blob.write_bytes(b"x" * 1000)
    for name, age in (("old", ABANDONED_AFTER + 1), ("young", 0)):
        (store.incoming / name).write_bytes(b"x" * 600)
        os.utime(store.incoming / name, (time.time() - age,) * 2)
    sweepings = "1 blob and 1 abandoned upload: 1,600 bytes.\n"
    assert run("gc", "--dry-run").output == "Would remove " + sweepings
    assert run("gc").output == "Removed " + sweepings
    assert [path.name for path in store.incoming.iterdir()] == ["young"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["promote", "mosaic", 3], "mosaic has no version 3: it has versions 1 to 2."),
        (["promote", "mosaic", 1, "--alias", "previous"], "cannot be set by hand"),
        (["rollback", "udnie"], "udnie has no previous version"),
        (["rollback", "mosaic", "--from", 1], "mosaic: live is at version 2 and not at 1."),
        (["unalias", "mosaic", "night"], "mosaic has no alias “night”."),
        (["unalias", "mosaic", "live"], "retire the style instead"),
        (["unalias", "mosaic", "previous"], "cannot be set by hand"),
        (["unalias", "mosaik", "night"], "Did you mean mosaic?"),
        (["hand-over", "mosaic", "nobody"], "No token is named “nobody”"),
        (["hand-over", "mosaik"], "Did you mean mosaic?"),
        (["retire", "mosaik"], "Did you mean mosaic?"),
        (["history", "mosaik"], "Did you mean mosaic?"),
    ],
)
def test_what_cannot_be_done_is_told(run: Run, store: Store, words: list[object], told: str) -> None:
    publish(store, "udnie")
    before = store.changes(0)
    shown = run(*words)
    assert shown.exit_code == 1
    assert told in shown.output
    assert store.changes(0) == before
