from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from registry import blobs
from registry.blobs import digest_of
from registry.store import EVENTS_AT_ONCE, Store
from styles import checkpoint
from styles.checkpoint import ShippedStyle
from styles.errors import BadCheckpoint, BadOption, UnknownStyle
from tests.fakes.style_files import make_shipped, random_style
from tests.registry.conftest import NAMES


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    with Store(folder) as store:
        yield store


@pytest.fixture
def shipped(tmp_path: Path) -> ShippedStyle:
    return make_shipped(tmp_path / "shipped", "mosaic")


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def retrained(shipped: ShippedStyle, seed: int) -> ShippedStyle:
    """The same style with other weights, as a newer release ships it."""
    checkpoint.write(shipped.weights, random_style(seed))
    return shipped


def test_a_published_version_resolves_to_its_file(store: Store, shipped: ShippedStyle) -> None:
    published = store.publish(shipped.card, shipped.weights, shipped.preview)
    assert published == store.resolve("mosaic")
    assert (published.name, published.version, published.format) == ("mosaic", 1, "safetensors")
    assert published.digest == digest_of(shipped.weights)
    assert published.base == checkpoint.read(shipped.weights).base
    assert published.bytes == shipped.weights.stat().st_size
    blob = store.blob(published.digest)
    assert blob is not None
    assert blob.path.read_bytes() == shipped.weights.read_bytes()


def test_the_base_is_worked_out_and_not_believed(store: Store, shipped: ShippedStyle) -> None:
    lying = replace(shipped.card, base="sha256:" + "0" * 64, architecture="other")
    published = store.publish(lying, shipped.weights)
    assert published.base == checkpoint.read(shipped.weights).base
    assert store.style("mosaic").live.card.base == published.base
    assert published.architecture == "stylenet"


def test_a_second_version_goes_live_and_the_first_is_previous(store: Store, shipped: ShippedStyle) -> None:
    first = store.publish(shipped.card, shipped.weights)
    retrained(shipped, 7)
    second = store.publish(shipped.card, shipped.weights)
    third = store.publish(shipped.card, shipped.weights)
    assert [first.version, second.version, third.version] == [1, 2, 3]
    assert store.resolve("mosaic") == third
    assert store.resolve("mosaic", "previous") == second
    assert store.resolve("mosaic", 1) == store.resolve("mosaic", "1") == first
    style = store.style("mosaic")
    assert [version.version for version in style.versions] == [3, 2, 1]
    assert style.aliases == {"live": 3, "previous": 2}


def test_seeding_twice_changes_nothing(store: Store, folder: Path, builtin: Path) -> None:
    first = store.seed(checkpoint.shipped(builtin))
    before = sorted(files(folder / "blobs"))
    assert [style.name for style in first] == list(NAMES)
    assert store.seed(checkpoint.shipped(builtin)) == []
    assert sorted(files(folder / "blobs")) == before
    assert store.changes(0).last == len(NAMES)


def test_new_weights_go_live_once_and_never_over_an_operators_version(
    store: Store, shipped: ShippedStyle, tmp_path: Path
) -> None:
    store.seed([shipped])
    assert [version.version for version in store.seed([retrained(shipped, 5)])] == [2]
    own = make_shipped(tmp_path / "own", "mosaic", seed=6)
    store.publish(own.card, own.weights)
    assert store.seed([shipped]) == []
    assert store.seed([retrained(shipped, 0)]) == []  # the first release's weights, come back
    assert store.resolve("mosaic").version == 3


def test_a_broken_shipped_style_does_not_keep_the_others_out(
    store: Store, builtin: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (builtin / "great-wave" / "weights.safetensors").write_bytes(b"no weights")
    (builtin / "udnie" / "weights.safetensors").unlink()
    assert [style.name for style in store.seed(checkpoint.shipped(builtin))] == ["starry-night"]
    assert "great-wave" in caplog.text
    assert "udnie" in caplog.text


def test_what_is_refused_leaves_nothing_behind(store: Store, folder: Path, shipped: ShippedStyle) -> None:
    before = files(folder)
    shipped.preview.write_text("<script>alert(1)</script>")
    with pytest.raises(BadCheckpoint, match="preview"):
        store.publish(shipped.card, shipped.weights, shipped.preview)
    shipped.weights.write_bytes(b"PK")
    with pytest.raises(BadCheckpoint):
        store.publish(shipped.card, shipped.weights)
    assert files(folder) == before
    assert store.styles() == []


@pytest.mark.parametrize("name", ["", "-a", "A", "a b", "../a", "a" * 65, "ä", "a\n", "a/b", "a.b"])
def test_names_that_are_none(store: Store, shipped: ShippedStyle, name: str) -> None:
    with pytest.raises(BadOption):
        store.publish(replace(shipped.card, name=name), shipped.weights)


@pytest.mark.parametrize("name", ["a", "0", "a-", "starry-night", "a" * 64])
def test_names_that_are_some(store: Store, shipped: ShippedStyle, name: str) -> None:
    assert store.publish(replace(shipped.card, name=name), shipped.weights).name == name


@pytest.mark.parametrize("typed", ["stary nigth", "Starry Night", "starynight", "starry-nihgt"])
def test_an_unknown_style_tells_the_nearest(store: Store, builtin: Path, typed: str) -> None:
    store.seed(checkpoint.shipped(builtin))
    with pytest.raises(UnknownStyle) as caught:
        store.resolve(typed)
    assert caught.value.near == ("starry-night",)
    assert caught.value.known == NAMES


def test_a_name_like_no_other_has_none_near(store: Store, builtin: Path) -> None:
    store.seed(checkpoint.shipped(builtin))
    with pytest.raises(UnknownStyle) as caught:
        store.style("kandinsky")
    assert caught.value.near == ()


@pytest.mark.parametrize("ref", ["2", "0", "-1", "01", "candidate", "9" * 30, "", "1 OR 1"])
def test_an_unknown_version_names_its_style(store: Store, shipped: ShippedStyle, ref: str) -> None:
    store.publish(shipped.card, shipped.weights)
    with pytest.raises(UnknownStyle) as caught:
        store.resolve("mosaic", ref)
    assert caught.value.name == f"mosaic@{ref}"
    assert caught.value.near == ("mosaic",)


def test_events_come_in_order_and_a_few_at_a_time(
    store: Store, builtin: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert store.changes(0).last == 0
    store.seed(checkpoint.shipped(builtin))
    changes = store.changes(1)
    assert [(event.seq, event.style, event.version) for event in changes.events] == [
        (2, "starry-night", 1),
        (3, "udnie", 1),
    ]
    assert changes.last == 3
    assert store.changes(3) == store.changes(99) == replace(changes, events=())
    assert EVENTS_AT_ONCE > 2
    monkeypatch.setattr("registry.store.EVENTS_AT_ONCE", 2)
    assert store.changes(0).last == 2


def test_a_version_cannot_be_changed(store: Store, folder: Path, shipped: ShippedStyle) -> None:
    store.publish(shipped.card, shipped.weights)
    connection = sqlite3.connect(folder / "registry.db")
    try:
        with pytest.raises(sqlite3.IntegrityError, match="immutable"):
            connection.execute("UPDATE version SET base = 'x'")
    finally:
        connection.close()


def test_a_publication_that_fails_midway_is_as_if_it_never_was(
    store: Store, folder: Path, shipped: ShippedStyle, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Store, "_move_live", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            store.publish(shipped.card, shipped.weights)
    assert store.styles() == []
    assert store.changes(0).last == 0
    assert store.blob(digest_of(shipped.weights)) is None  # the file is there, but nothing tells of it
    assert store.publish(shipped.card, shipped.weights).version == 1
    assert len(files(folder / "blobs")) == 1


#: Publishes a style and dies by SIGKILL at the place that its argument names.
KILLED = """
import os, signal, sys
from pathlib import Path
import registry.blobs, registry.store
from styles.checkpoint import shipped

place, folder, builtin = sys.argv[1:]
die = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
owner = {"read": registry.store.checkpoint, "_sync_folder": registry.blobs}.get(place, registry.store.Store)
setattr(owner, place, die)
registry.store.Store(Path(folder)).seed(shipped(Path(builtin)))
"""


@pytest.mark.parametrize("place", ["read", "_sync_folder", "_add_version", "_move_live"])
def test_a_kill_at_any_place_is_mended_by_the_next_start(folder: Path, builtin: Path, place: str) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED, place, str(folder), str(builtin)], check=False)
    assert killed.returncode == -9
    with Store(folder) as store:
        assert store.styles() == []
        assert [style.name for style in store.seed(checkpoint.shipped(builtin))] == list(NAMES)
        for name in NAMES:
            blob = store.blob(store.resolve(name).digest)
            assert blob is not None
            assert digest_of(blob.path) == blob.digest
    for path in files(folder / "blobs"):
        assert digest_of(path) == f"sha256:{path.name}"


def test_only_what_was_abandoned_is_swept(folder: Path, shipped: ShippedStyle) -> None:
    with Store(folder) as store:
        store.publish(shipped.card, shipped.weights, shipped.preview)
    named = files(folder / "blobs")
    old = [folder / "incoming" / "old", folder / "blobs" / "ab" / ("ab" + "0" * 62)]
    young = [folder / "incoming" / "young", folder / "blobs" / "ab" / ("ab" + "1" * 62)]
    old[1].parent.mkdir(exist_ok=True)
    for path in old + young:
        path.touch()
    long_ago = time.time() - blobs.ABANDONED_AFTER - 1
    for path in old + named:
        os.utime(path, (long_ago, long_ago))
    with Store(folder):
        assert not any(path.exists() for path in old)
        assert all(path.exists() for path in young + named)


def test_a_blob_is_not_swept_while_another_process_is_about_to_name_it(
    folder: Path, shipped: ShippedStyle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file of an earlier, killed attempt is old; a start comes between its being found and named."""
    starting = threading.Thread(target=lambda: Store(folder).close())
    keep = blobs.Blobs.keep

    def keep_while_another_starts(self: blobs.Blobs, incoming: blobs.Incoming) -> None:
        path = self.path(incoming.digest)
        path.parent.mkdir()
        path.write_bytes(incoming.path.read_bytes())
        os.utime(path, (0, 0))
        keep(self, incoming)
        starting.start()
        starting.join(0.5)  # long enough to sweep, if it does not wait for us

    monkeypatch.setattr(blobs.Blobs, "keep", keep_while_another_starts)
    with Store(folder) as store:
        published = store.publish(shipped.card, shipped.weights)
        starting.join(30)
        blob = store.blob(published.digest)
    assert blob is not None
    assert blob.path.exists()


SEEDS = """
import sys
from pathlib import Path
import registry.store
from styles.checkpoint import shipped

sys.stdout.write("ready\\n")
sys.stdout.flush()
sys.stdin.readline()
with registry.store.Store(Path(sys.argv[1])) as store:
    print(*(style.name for style in store.seed(shipped(Path(sys.argv[2])))))
"""


def test_processes_that_start_at_once_seed_once(folder: Path, builtin: Path) -> None:
    command = [sys.executable, "-c", SEEDS, str(folder), str(builtin)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    processes = [subprocess.Popen(command, **pipes) for _ in range(3)]  # type: ignore[call-overload]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = [process.communicate(timeout=60)[0].split() for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert sorted(name for answer in answers for name in answer) == list(NAMES)
    with Store(folder) as store:
        assert store.changes(0).last == len(NAMES)
        assert all(style.aliases == {"live": 1} for style in store.styles())
    assert files(folder / "incoming") == []


def test_what_another_process_publishes_is_seen_at_once(
    store: Store, folder: Path, shipped: ShippedStyle
) -> None:
    with Store(folder) as other:
        other.publish(shipped.card, shipped.weights)
        assert store.resolve("mosaic").version == 1
        store.publish(shipped.card, shipped.weights)
        assert other.resolve("mosaic").version == 2
