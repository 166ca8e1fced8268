from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from registry.balancers import proof_painter as module
from registry.balancers.proof_painter import ProofPainter
from registry.store.proofs import PHOTOS
from registry.store.store import Store
from styles.contract import PROOFS
from tests.fakes.registry.versions import publish
from tests.fakes.runner import balancer as fake
from tests.fakes.runner.balancer import FakeBalancer
from tests.fakes.waiting import until

STYLES = ("tiles@1", "tiles@2")


@pytest.fixture
async def balancer() -> AsyncIterator[FakeBalancer]:
    async with FakeBalancer(STYLES) as balancer:
        yield balancer


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(module, "LONGEST_PAUSE", 0.02)


@asynccontextmanager
async def painting(store: Store, url: str) -> AsyncIterator[ProofPainter]:
    painter = ProofPainter(store, url)
    running = asyncio.create_task(painter.run())
    yield painter
    running.cancel()


def is_proved(store: Store, version: int) -> Callable[[], bool]:
    return lambda: set(store.proof("tiles", version)) == set(PHOTOS)


async def test_the_photos_are_painted_by_each_version_and_again_when_one_is_new(
    store: Store, balancer: FakeBalancer
) -> None:
    publish(store, "tiles", by="ada")
    async with painting(store, balancer.url) as painter:
        await until(is_proved(store, 1))
        publish(store, "tiles", by="ada", alias="staged")
        painter.wake()
        await until(is_proved(store, 2))
        await until(lambda: list(store.incoming.iterdir()) == [])
    assert [job["style"] for job in balancer.jobs] == ["tiles@1"] * 4 + ["tiles@2"] * 4
    assert {job["sender"] for job in balancer.jobs} == {PROOFS}
    photos = {(module.PROOF_PHOTOS / f"{photo}.jpg").read_bytes() for photo in PHOTOS}
    assert set(balancer.photos) == photos
    blob = store.blob("sha256:" + store.proof("tiles", 1)["sky"].removeprefix("/blobs/"))
    assert blob is not None
    assert blob.read() in {photo + b"painted" for photo in photos}


async def test_a_large_picture_is_kept_whole(
    store: Store, balancer: FakeBalancer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its bytes arrive in pieces."""
    picture = b"\xff\xd8\xff" + bytes(1_000_000)
    monkeypatch.setattr(fake, "painted", lambda _photo: picture)
    publish(store, "tiles", by="ada")
    async with painting(store, balancer.url):
        await until(is_proved(store, 1))
    blob = store.blob("sha256:" + store.proof("tiles", 1)["sky"].removeprefix("/blobs/"))
    assert blob is not None
    assert blob.read() == picture


async def test_a_balancer_that_is_away_or_busy_is_asked_again(store: Store, balancer: FakeBalancer) -> None:
    publish(store, "tiles", by="ada")
    balancer.faults.extend([(429, "Busy", "Busy"), (503, "Away", "RegistryUnavailable")])
    async with painting(store, balancer.url):
        await until(is_proved(store, 1))
    assert len(balancer.jobs) == 6


async def test_a_photo_that_a_version_cannot_paint_is_noted(store: Store, balancer: FakeBalancer) -> None:
    publish(store, "tiles", by="ada")
    balancer.faults.append((422, "No.", "Unpaintable"))
    async with painting(store, balancer.url):
        await until(is_proved(store, 1))
    assert [path == "" for path in store.proof("tiles", 1).values()].count(True) == 1
    assert len(balancer.jobs) == 4


async def test_one_version_that_fails_holds_up_no_other(store: Store, balancer: FakeBalancer) -> None:
    publish(store, "broken", by="ada")  # the balancer does not know it
    publish(store, "tiles", by="ada")
    async with painting(store, balancer.url):
        await until(is_proved(store, 1))
    assert store.proof("broken", 1) == {}
