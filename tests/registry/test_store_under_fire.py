"""The store with several processes at it, and with processes that are killed at it."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import zip_longest

import pytest

from registry.store.location import StoreLocation
from registry.store.store import Store
from tests.fakes.registry.databases import both, contents, sound
from tests.fakes.registry.versions import publish

pytestmark = both

#: Kills of the short run, and of the long one, which must meet a file half received.
FEW, MANY = 8, 50
#: How the processes are started: what they are to do stands in `-c`, the location and a seed behind it.
BEGIN = """
import os, random, sys
from pathlib import Path
from registry.store.location import StoreLocation
from registry.store.access.roles import Writer
from registry.store.store import Store
from styles.errors import PainterError
from tests.fakes.registry.versions import publish

location = StoreLocation(folder=Path(sys.argv[1]), database=sys.argv[2])
"""

#: One of several at once: waits for a line, then acts at random; prints what it published.
WRITES = """
chance, me = random.Random(sys.argv[3]), sys.argv[3]
print("ready", flush=True)
sys.stdin.readline()
with Store(location) as store:
    for _ in range(30):
        name = chance.choice(("mosaic", "udnie"))
        newest = store.kept(name).versions[0].version
        act = chance.choice(("publish", "publish", "promote", "roll back", "retire"))
        try:
            if act == "publish":
                print(name, publish(store, name, by=me).version, flush=True)
            elif act == "promote":
                store.promote(name, chance.randint(1, newest), by=Writer(me))
            elif act == "roll back":
                store.rollback(name, by=Writer(me))
            elif chance.random() < 0.3:
                store.retire(name, by=Writer(me))
        except PainterError:
            pass  # retired, or without a previous version just now
"""

#: Imports once; for every line it forks a child that publishes until it is killed, and tells of its end.
PUBLISHES = """
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        with Store(location) as store:
            for turn in range(10_000):
                version = publish(store, "mosaic", by=line.strip()).version
                os.write(1, f"published {version}\\n".encode())  # at once, or a kill cuts it in two
                if turn % 3 == 2:
                    store.rollback("mosaic")
    os.write(1, f"born {child}\\n".encode())  # at once, or the child's lines come in between
    os.waitpid(child, 0)
    os.write(1, b"dead\\n")
"""


@contextmanager
def process(program: str, location: StoreLocation, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A Python process that reads and writes lines; it is gone after the block."""
    place = (str(location.folder), location.database)
    command = [sys.executable, "-c", BEGIN + program, *place, *arguments]
    one_thread = os.environ | {"OPENBLAS_NUM_THREADS": "1"}  # so that it may fork
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "env": one_thread}
    with subprocess.Popen(command, **pipes) as running:  # type: ignore[call-overload]
        try:
            yield running
        finally:
            running.kill()


def say(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(line + "\n")
    process.stdin.flush()


def hear(process: subprocess.Popen[str]) -> list[str]:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, "the process has ended"
    return line.split()


def check(location: StoreLocation, store: Store) -> None:
    """What holds at every moment, however the processes that wrote came to their end."""
    with store.database.reading() as db:
        if not location.database:
            assert db.rows("PRAGMA integrity_check") == [{"integrity_check": "ok"}]
            assert db.rows("PRAGMA foreign_key_check") == []
        names = [row["name"] for row in db.rows("SELECT name FROM style")]
    for name in names:
        style = store.kept(name)
        numbers = [version.version for version in style.versions]
        assert numbers == list(range(len(numbers), 0, -1))
        assert bool(style.retired) == (not style.aliases)
        if not style.retired:
            assert store.resolve(name) == style.live.resolved
        for version in style.versions:
            blob = store.blob(version.digest)
            assert blob is not None
            assert len(blob.read()) == version.bytes
    assert sound(contents(location))  # also those of no version: a publication that finds one trusts it
    assert aliases_by_events(store) == {name: dict(store.kept(name).aliases) for name in names}


def aliases_by_events(store: Store) -> dict[str, dict[str, int]]:
    """Where the aliases must be after all that happened; and every event has its line in the trail."""
    events = store.changes(0).events
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    aliases: dict[str, dict[str, int]] = {}
    published: Counter[str] = Counter()
    for event, line in zip_longest(events, reversed(store.audit(10_000))):
        assert event is not None
        assert line is not None
        assert (event.at, event.kind, event.style) == (line.at, line.action, line.style)
        assert event.version == line.version
        now = aliases.setdefault(event.style, {})
        if event.kind == "published":
            published[event.style] += 1
            assert event.version == published[event.style]
        if event.kind == "retired":
            assert now["live"] == event.version
            now.clear()
            continue
        if event.kind == "rolled back":
            assert now["previous"] == event.version
        if "live" in now:
            assert now["live"] != event.version
            now["previous"] = now["live"]
        now["live"] = event.version
    return aliases


def test_several_processes_that_act_at_once_lose_and_double_nothing(location: StoreLocation) -> None:
    names = ["one", "two", "three", "four"]
    with Store(location) as store:
        for name in ("mosaic", "udnie"):
            publish(store, name, by="nobody")
        told: dict[str, list[tuple[str, int]]] = {"nobody": [("mosaic", 1), ("udnie", 1)]}
        with ExitStack() as running:
            writers = [running.enter_context(process(WRITES, location, name)) for name in names]
            for writer in writers:
                assert hear(writer) == ["ready"]
            for writer in writers:
                say(writer, "go")
            for name, writer in zip(names, writers, strict=True):
                lines = [line.split() for line in writer.communicate(timeout=60)[0].splitlines()]
                told[name] = [(style, int(version)) for style, version in lines]
                assert writer.returncode == 0
        check(location, store)
        found: dict[str, list[tuple[str, int]]] = {}
        for line in reversed(store.audit(10_000)):
            if line.action == "published":
                found.setdefault(line.by, []).append((line.style, line.version))
        assert found == told
        kinds = Counter(event.kind for event in store.changes(0).events)
        assert set(kinds) == {"published", "promoted", "rolled back", "retired"}


@pytest.mark.parametrize("kills", [FEW, pytest.param(MANY, marks=pytest.mark.slow)])
def test_killed_at_any_moment_of_a_publication_it_starts_again_whole(
    location: StoreLocation, kills: int
) -> None:
    """Many times. What was answered as published is there, and nothing that was not is half there."""
    chance = random.Random(4)
    Store(location).close()
    kept = cut_short = 0
    start = publication = 0.0  # how long they take, seconds, as last measured
    with process(PUBLISHES, location) as parent:
        for attempt in range(FEW if location.database else kills):
            say(parent, f"child {attempt}")
            heard, told = [hear(parent)], [time.monotonic()]
            after = chance.randint(2, 4) if attempt < 2 else chance.randint(0, 4)  # publications
            while ["born"] not in [line[:1] for line in heard] or len(heard) <= after:
                heard.append(hear(parent))
                told.append(time.monotonic())
            if after > 1:
                start, publication = told[1] - told[0], told[-1] - told[-2]
            time.sleep(chance.random() * (publication if after else start))
            born = next(line for line in heard if line[0] == "born")
            os.kill(int(born[1]), signal.SIGKILL)
            while (line := hear(parent)) != ["dead"]:
                heard.append(line)
            heard.remove(born)
            assert {word for word, _ in heard} <= {"published"}
            kept = max([kept, *(int(version) for _, version in heard)])
            cut_short += any((location.folder / "incoming").iterdir())  # a start clears it
            with Store(location) as store:
                check(location, store)
                found = len(store.kept("mosaic").versions) if store.styles() else 0
                assert kept <= found <= kept + 1  # one may have been killed before it could answer
                kept = found
    assert kept > 8
    assert cut_short > 0 or location.database or kills == FEW
    with Store(location) as store:
        store.gc()
        assert contents(location).keys() == {version.digest for version in store.kept("mosaic").versions}
