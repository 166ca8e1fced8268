"""Blobs on disk and models in memory."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from runner.cache import Blobs, Models
from styles.errors import BadCheckpoint, RegistryUnavailable
from tests.fakes.fleet import until


def digest_of(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


class Source:
    """Gives blobs, or what `instead` says, and counts."""

    def __init__(self, *blobs: bytes) -> None:
        self.blobs = {digest_of(blob): blob for blob in blobs}
        self.instead: bytes | None = None
        self.away = False
        self.pulled: Counter[str] = Counter()

    async def __call__(self, digest: str, path: Path) -> None:
        self.pulled[digest] += 1
        content = self.blobs[digest] if self.instead is None else self.instead
        await asyncio.to_thread(path.write_bytes, content)
        if self.away:
            raise RegistryUnavailable("told so")


async def test_a_blob_is_pulled_once_and_kept(tmp_path: Path) -> None:
    source = Source(b"weights")
    for _ in range(2):  # the second is another runner, or the same after a restart
        blobs = Blobs(tmp_path / "cache", source)
        blobs.startup()
        path = await blobs.path(digest_of(b"weights"))
        assert path.read_bytes() == b"weights"
    assert source.pulled.total() == 1


async def test_what_is_on_disk_needs_no_registry(tmp_path: Path) -> None:
    source = Source(b"weights")
    blobs = Blobs(tmp_path, source)
    await blobs.path(digest_of(b"weights"))
    source.away = True
    assert (await blobs.path(digest_of(b"weights"))).read_bytes() == b"weights"


@pytest.mark.parametrize("fault", ["away", "wrong"])
async def test_a_failed_pull_leaves_nothing(tmp_path: Path, fault: str) -> None:
    source = Source(b"weights")
    source.away = fault == "away"
    source.instead = b"other" if fault == "wrong" else None
    with pytest.raises(RegistryUnavailable):
        await Blobs(tmp_path, source).path(digest_of(b"weights"))
    assert os.listdir(tmp_path) == []  # noqa: PTH208 - nothing that a test need not block for


async def test_a_damaged_blob_is_pulled_again(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path, Source(b"weights"))
    path = await blobs.path(digest_of(b"weights"))
    path.write_bytes(b"weighty")
    assert (await blobs.path(digest_of(b"weights"))).read_bytes() == b"weights"


@pytest.mark.parametrize("digest", ["", "sha256:../../etc/passwd", "md5:" + "0" * 64, "sha256:" + "G" * 64])
async def test_only_digests_are_paths(tmp_path: Path, digest: str) -> None:
    with pytest.raises(ValueError, match="no digest"):
        await Blobs(tmp_path, Source()).path(digest)


def test_what_the_dead_left_is_removed(tmp_path: Path) -> None:
    gone, mine = tmp_path / "999999999.x.partial", tmp_path / f"{os.getpid()}.x.partial"
    for folder in (gone, mine):
        folder.mkdir()
        (folder / "blob").touch()
    (tmp_path / "abc").touch()
    Blobs(tmp_path, Source()).startup()
    assert sorted(tmp_path.iterdir()) == sorted([mine, tmp_path / "abc"])


@dataclass
class Model:
    name: str
    bytes: int = 10


class Loader:
    def __init__(self) -> None:
        self.loaded: list[str] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self, name: str) -> Model:
        self.loaded.append(name)
        await self.gate.wait()
        if name == "bad":
            raise BadCheckpoint("told so")
        return Model(name)


async def use(models: Models[Model], name: str) -> None:
    async with models.hold(name) as model:
        assert model.name == name


async def test_the_least_recently_used_leaves() -> None:
    load = Loader()
    models = Models(load, limit=20)
    for name in ["a", "b", "a", "c"]:
        await use(models, name)
    assert models.resident == {"a", "c"}
    await use(models, "a")
    assert load.loaded == ["a", "b", "c"]


async def test_what_is_in_use_stays() -> None:
    models = Models(Loader(), limit=10)
    async with models.hold("a"), models.hold("b"):
        assert models.resident == {"a", "b"}  # over the limit, for a while
        async with models.hold("c"):
            assert models.resident == {"a", "b", "c"}
    assert len(models.resident) == 1


async def test_one_load_at_a_time_for_a_digest() -> None:
    load = Loader()
    load.gate.clear()
    models = Models(load, limit=100)
    users = [asyncio.create_task(use(models, "a")) for _ in range(5)]
    await until(lambda: load.loaded)
    users[0].cancel()
    load.gate.set()
    await asyncio.gather(*users[1:])
    assert load.loaded == ["a"]


async def test_a_failed_load_is_tried_again_by_the_next() -> None:
    load = Loader()
    models = Models(load, limit=100)
    for _ in range(2):
        with pytest.raises(BadCheckpoint):
            await use(models, "bad")
    assert load.loaded == ["bad", "bad"]
    assert models.resident == frozenset()


async def test_a_model_over_the_limit_is_used_and_dropped() -> None:
    models = Models(Loader(), limit=0)
    await use(models, "a")
    assert models.resident == frozenset()
