"""Blobs on disk and models in memory."""

from __future__ import annotations

import asyncio
import hashlib
import os
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from registry.client import RegistryClient
from runner.fleet.blob_cache import STALE_SECONDS, BlobCache
from runner.process.model_cache import ModelCache, Shared
from styles.contract import keyed_digest
from styles.errors import BadCheckpoint, RegistryUnavailable
from tests.fakes.registry.registry import FakeRegistry
from tests.fakes.waiting import until


def digest_of(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def unused(path: Path, seconds: float) -> None:
    """Makes a file look as if it were last used so long ago."""
    then = time.time() - seconds
    os.utime(path, (then, then))


class Source:
    """Gives blobs, unless it is away, and counts."""

    def __init__(self, *blobs: bytes) -> None:
        self.blobs = {digest_of(blob): blob for blob in blobs}
        self.away = False
        self.pulled: Counter[str] = Counter()

    async def __call__(self, digest: str, path: Path) -> None:
        self.pulled[digest] += 1
        if self.away:
            raise RegistryUnavailable("told so")
        await asyncio.to_thread(path.write_bytes, self.blobs[digest])


async def test_a_private_blob_is_pulled_with_its_key(tmp_path: Path) -> None:
    asked: list[str] = []

    async def download(digest: str, path: Path) -> None:
        asked.append(digest)
        await asyncio.to_thread(path.write_bytes, b"weights")

    digest = digest_of(b"weights")
    blobs = BlobCache(tmp_path, download)
    path = await blobs.path(keyed_digest(digest, "k" * 32))
    assert (asked, path.name) == ([f"{digest}.{'k' * 32}"], digest.removeprefix("sha256:"))
    assert await blobs.path(digest) == path  # it is one file


async def test_a_blob_is_pulled_once_and_kept(tmp_path: Path) -> None:
    source = Source(b"weights")
    for _ in range(2):  # the second is another runner, or the same after a restart
        blobs = BlobCache(tmp_path / "cache", source)
        blobs.startup()
        path = await blobs.path(digest_of(b"weights"))
        assert path.read_bytes() == b"weights"
    assert source.pulled.total() == 1


async def test_what_is_on_disk_needs_no_registry(tmp_path: Path) -> None:
    source = Source(b"weights")
    blobs = BlobCache(tmp_path, source)
    await blobs.path(digest_of(b"weights"))
    source.away = True
    assert (await blobs.path(digest_of(b"weights"))).read_bytes() == b"weights"


async def test_a_disk_that_takes_no_file_is_an_unavailable_registry(tmp_path: Path) -> None:
    async with FakeRegistry() as registry, RegistryClient(registry.url) as client:
        digest = registry.publish("mosaic", b"weights").digest
        with pytest.raises(RegistryUnavailable, match=r"cannot be kept: .*No such file"):
            await BlobCache(tmp_path / "gone", client.download).path(digest)


@pytest.mark.parametrize("fault", ["broken", "lying", "missing"])
async def test_a_failed_pull_leaves_nothing(tmp_path: Path, fault: str) -> None:
    async with FakeRegistry() as registry, RegistryClient(registry.url) as client:
        digest = registry.publish("mosaic", b"weights").digest
        if fault == "missing":
            digest = digest_of(b"other")
        registry.broken, registry.lying = fault == "broken", fault == "lying"
        with pytest.raises(RegistryUnavailable):
            await BlobCache(tmp_path, client.download).path(digest)
    assert list(files(tmp_path)) == []


async def test_a_slow_registry_is_an_unavailable_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runner.fleet.blob_cache.PULL_SECONDS", 0.05)
    async with FakeRegistry() as registry, RegistryClient(registry.url) as client:
        digest = registry.publish("mosaic", b"weights").digest
        registry.silent.clear()
        with pytest.raises(RegistryUnavailable, match="within"):
            await BlobCache(tmp_path, client.download).path(digest)
        registry.silent.set()
    assert list(files(tmp_path)) == []


async def test_a_damaged_blob_is_pulled_again(tmp_path: Path) -> None:
    blobs = BlobCache(tmp_path, Source(b"weights"))
    path = await blobs.path(digest_of(b"weights"))
    path.write_bytes(b"weighty")
    assert (await blobs.path(digest_of(b"weights"))).read_bytes() == b"weights"


@pytest.mark.parametrize("digest", ["", "sha256:../../etc/passwd", "md5:" + "0" * 64, "sha256:" + "G" * 64])
async def test_only_digests_are_paths(tmp_path: Path, digest: str) -> None:
    with pytest.raises(ValueError, match="no digest"):
        await BlobCache(tmp_path, Source()).path(digest)


def test_what_the_dead_left_is_removed(tmp_path: Path) -> None:
    dead, growing, blob = (tmp_path / name for name in (".abc.1.partial", ".abc.2.partial", "abc"))
    for file in (dead, growing, blob):
        file.touch()
    unused(dead, STALE_SECONDS + 9)
    unused(blob, STALE_SECONDS + 9)
    BlobCache(tmp_path, Source()).startup()
    assert files(tmp_path) == {".abc.2.partial", "abc"}


async def test_the_folder_keeps_to_its_limit(tmp_path: Path) -> None:
    contents = [bytes([n]) * 10 for n in range(5)]
    blobs = BlobCache(tmp_path, Source(*contents), limit=30)
    stranger = tmp_path / "notes.txt"
    stranger.touch()
    unused(stranger, 9999)
    paths = [await blobs.path(digest_of(content)) for content in contents[:3]]
    for path, age in zip(paths, (900, 500, 700), strict=True):
        unused(path, age)
    await blobs.path(digest_of(contents[0]))  # the oldest is used again
    await blobs.path(digest_of(contents[3]))
    assert files(tmp_path) == {"notes.txt", *(digest_of(contents[n])[7:] for n in (0, 1, 3))}


async def test_what_was_used_just_now_is_over_the_limit_for_a_while(tmp_path: Path) -> None:
    blobs = BlobCache(tmp_path, Source(b"a", b"b"), limit=0)
    paths = [await blobs.path(digest_of(content)) for content in (b"a", b"b")]
    assert files(tmp_path) == {path.name for path in paths}


@dataclass
class Model:
    name: str
    bytes: int = 10
    shared: Shared | None = None


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


async def use(models: ModelCache[Model], name: str) -> None:
    async with models.hold(name) as model:
        assert model.name == name


async def test_the_least_recently_used_leaves() -> None:
    load = Loader()
    models = ModelCache(load, limit=20)
    for name in ["a", "b", "a", "c"]:
        await use(models, name)
    assert models.resident == {"a", "c"}
    await use(models, "a")
    assert load.loaded == ["a", "b", "c"]
    assert (models.loads, models.evictions) == (3, 1)


async def test_what_is_in_use_stays() -> None:
    models = ModelCache(Loader(), limit=10)
    async with models.hold("a"), models.hold("b"):
        assert models.resident == {"a", "b"}  # over the limit, for a while
        async with models.hold("c"):
            assert models.resident == {"a", "b", "c"}
    assert len(models.resident) == 1


async def test_one_load_at_a_time_for_a_digest() -> None:
    load = Loader()
    load.gate.clear()
    models = ModelCache(load, limit=100)
    users = [asyncio.create_task(use(models, "a")) for _ in range(5)]
    await until(lambda: load.loaded)
    users[0].cancel()
    load.gate.set()
    await asyncio.gather(*users[1:])
    assert load.loaded == ["a"]


async def test_a_failed_load_is_tried_again_by_the_next() -> None:
    load = Loader()
    models = ModelCache(load, limit=100)
    for _ in range(2):
        with pytest.raises(BadCheckpoint):
            await use(models, "bad")
    assert load.loaded == ["bad", "bad"]
    assert (models.resident, models.loads, models.evictions) == (frozenset(), 0, 0)


async def test_a_model_over_the_limit_is_used_and_dropped() -> None:
    models = ModelCache(Loader(), limit=0)
    await use(models, "a")
    assert models.resident == frozenset()


async def test_what_styles_share_counts_once_and_until_the_last_has_left() -> None:
    base, other = object(), object()

    async def load(name: str) -> Model:
        what = other if name == "z" else base
        return Model(name, 1, Shared(what, 50))

    models = ModelCache(load, limit=54)
    for name in "abcd":
        await use(models, name)
    assert models.resident == set("abcd")  # 4 and 50
    await use(models, "e")
    assert models.resident == set("bcde")
    await use(models, "z")
    assert models.resident == {"z"}  # both bases have no room, and one stays as long as any of its styles
    for name in "abc":
        await use(models, name)
    assert models.resident == set("abc")
    assert (models.loads, models.evictions) == (9, 6)
