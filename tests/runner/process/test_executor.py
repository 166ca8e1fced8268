"""The executor with an engine that does what it is told: blends, and the order of batches."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from registry.client import RegistryClient
from runner.fleet.blob_cache import BlobCache
from runner.process.engine import BatchItem, EngineStep, PhotoInput
from runner.process.executor import BatchExecutor
from runner.protocol.messages import PaintedPhoto, StyleShare, Task
from styles.contract import ResolvedStyle, StyleOptions
from styles.errors import (
    BadCheckpoint,
    BadOption,
    PainterError,
    RegistryUnavailable,
)
from styles.imaging.codec import Pixels
from tests.fakes.registry.registry import FakeRegistry
from tests.fakes.runner.fleet import a_large_task, inverted
from tests.fakes.runner.process.executing import MISSING, blend, image_of, sheet
from tests.fakes.runner.process.obedient_engine import ObedientEngine
from tests.fakes.waiting import until


async def test_blends_are_mixed_beside_plain_styles(executor: BatchExecutor, registry: FakeRegistry) -> None:
    wave, night = registry.publish("wave", b"wave"), registry.publish("night", b"night")
    batch = [blend((wave, 0.6), (night, 0.4)), blend((night, 1.0)), blend((night, 0.5), (wave, 0.5))]
    outcomes = await executor.paint(batch)
    assert list(map(image_of, outcomes)) == [b"0.6*wave+0.4*night", b"night", b"0.5*night+0.5*wave"]
    assert registry.asked.total() == 2


async def test_a_blend_fails_alone_and_with_the_reason(
    executor: BatchExecutor, registry: FakeRegistry
) -> None:
    wave, bad = registry.publish("wave", b"wave"), registry.publish("bad", b"bad")
    foreign = registry.publish("candy", b"foreign")
    gone = Task(
        parts=(StyleShare(digest=wave.digest, share=0.5), MISSING), image=b"STYLE", options=StyleOptions()
    )
    batch = [blend((wave, 0.5), (bad, 0.5)), gone, blend((wave, 0.5), (foreign, 0.5)), blend((wave, 1))]
    kinds = [type(outcome) for outcome in await executor.paint(batch)]
    assert kinds == [BadCheckpoint, RegistryUnavailable, BadOption, PaintedPhoto]


async def test_no_part_of_a_blend_is_evicted_while_it_is_painted(
    executor: BatchExecutor, registry: FakeRegistry, tmp_path: Path
) -> None:
    parts = [registry.publish(name, name.encode() * 8) for name in "abcd"]  # 32 bytes, where 10 have room
    go_on = tmp_path / "go"
    task = blend(*[(part, 0.25) for part in parts], image=f"WAIT:{go_on}".encode())
    painting = asyncio.create_task(executor.paint([task]))
    await until(lambda: len(executor.report().resident) == 4)
    assert executor.report().resident == {part.digest for part in parts}
    await asyncio.to_thread(go_on.touch)
    assert image_of((await painting)[0]) == inverted(task.image)
    assert len(executor.report().resident) <= 1


class Watched(ObedientEngine):
    """Tells what it opened and closed, in order; a photo `LATE` is open and one `SLOW` closed when it may."""

    def __init__(self) -> None:
        super().__init__("cpu", 1)
        self.log: list[tuple[str, bytes]] = []
        self.work: list[bytes] = []  # what it loaded and painted
        self.may_open = threading.Event()
        self.may_close = threading.Event()

    def load(self, digest: str, weights: Path) -> Any:
        self.work.append(weights.read_bytes())
        return super().load(digest, weights)

    def open(self, photo: PhotoInput) -> EngineStep:
        self.log.append(("open", photo.image))
        if photo.image == b"LATE":
            self.may_open.wait()
        return super().open(photo)

    def run(self, items: Sequence[BatchItem], opened: Sequence[EngineStep]) -> list[EngineStep]:
        self.work += [item.image for item in items]
        return super().run(items, opened)

    def close(self, item: BatchItem, step: EngineStep) -> PaintedPhoto | PainterError:
        if item.image == b"SLOW":
            self.may_close.wait()
        self.log.append(("close", item.image))
        return super().close(item, step)


@pytest.fixture
async def watched(registry: FakeRegistry, tmp_path: Path) -> AsyncIterator[tuple[BatchExecutor, Watched]]:
    engine = Watched()
    async with RegistryClient(registry.url) as client:
        executor = BatchExecutor(lambda: engine, BlobCache(tmp_path, client.download).path, 10)
        yield executor, engine
        (tmp_path / "go").touch()  # no thread waits for what does not come any more
        engine.may_open.set()
        engine.may_close.set()


def photo(style: ResolvedStyle, image: bytes, **options: object) -> Task:
    made = StyleOptions(**options)  # type: ignore[arg-type]
    return Task(parts=(StyleShare(digest=style.digest),), image=image, options=made)


async def test_there_is_one_engine_however_many_ask_first(registry: FakeRegistry, tmp_path: Path) -> None:
    made: list[Watched] = []

    def make() -> Watched:
        made.append(Watched())
        return made[-1]

    async with RegistryClient(registry.url) as client:
        executor = BatchExecutor(make, BlobCache(tmp_path, client.download).path, 10)
        wave = registry.publish("wave", b"wave")
        await asyncio.gather(executor.warm([]), *[executor.paint([photo(wave, b"photo")]) for _ in range(3)])
    assert len(made) == 1


async def test_the_next_batch_is_decoded_while_one_is_painted_and_no_other(
    watched: tuple[BatchExecutor, Watched], registry: FakeRegistry, tmp_path: Path
) -> None:
    executor, engine = watched
    wave, go_on = registry.publish("wave", b"wave"), tmp_path / "go"
    images = [f"WAIT:{go_on}".encode(), b"second", b"third"]
    painting = [asyncio.create_task(executor.paint([photo(wave, image)])) for image in images]
    await until(lambda: len(engine.log) >= 2)
    await asyncio.to_thread(go_on.touch)
    outcomes = [outcome for (outcome,) in await asyncio.gather(*painting)]
    assert list(map(image_of, outcomes)) == list(map(inverted, images))
    assert set(engine.log[:2]) == {("open", images[0]), ("open", images[1])}
    assert engine.log.index(("close", images[0])) < engine.log.index(("open", images[2]))
    assert executor.report().batches == 3


async def test_a_batch_is_painted_while_the_last_is_encoded_and_answered_after_it(
    watched: tuple[BatchExecutor, Watched], registry: FakeRegistry
) -> None:
    executor, engine = watched
    wave = registry.publish("wave", b"wave")
    slow = asyncio.create_task(executor.paint([photo(wave, b"SLOW"), photo(wave, b"beside")]))
    await until(lambda: ("close", b"beside") in engine.log)
    quick = asyncio.create_task(executor.paint([photo(wave, b"quick")]))
    await until(lambda: ("close", b"quick") in engine.log)
    assert not quick.done()
    engine.may_close.set()
    assert list(map(image_of, await slow)) == [inverted(b"SLOW"), inverted(b"beside")]
    await quick


async def test_the_engine_takes_batches_as_they_came_however_late_one_is_decoded(
    watched: tuple[BatchExecutor, Watched], registry: FakeRegistry
) -> None:
    executor, engine = watched
    wave, night = registry.publish("wave", b"wave"), registry.publish("night", b"night")
    late = asyncio.create_task(executor.paint([photo(wave, b"LATE"), photo(wave, b"beside")]))
    await until(lambda: ("open", b"LATE") in engine.log)
    quick = asyncio.create_task(executor.paint([photo(night, b"quick")]))
    await until(lambda: ("open", b"quick") in engine.log)  # it is decoded meanwhile
    await asyncio.wait([quick], timeout=0.05)
    engine.may_open.set()
    await asyncio.gather(late, quick)
    assert engine.work == [b"wave", b"LATE", b"beside", b"night", b"quick"]


async def test_a_batch_says_what_its_styles_took_to_be_loaded(
    watched: tuple[BatchExecutor, Watched], registry: FakeRegistry, tmp_path: Path
) -> None:
    executor, engine = watched
    slow = registry.publish("slow", f"wait:{tmp_path}/go".encode())
    painting = asyncio.create_task(executor.paint([photo(slow, b"1"), photo(slow, b"2")]))
    await until(lambda: engine.work)
    await asyncio.wait([painting], timeout=0.1)
    await asyncio.to_thread((tmp_path / "go").touch)
    for outcome in await painting:
        assert isinstance(outcome, PaintedPhoto)
        assert outcome.loading >= 0.1


async def test_loading_does_not_count_while_the_batch_before_is_painted(
    watched: tuple[BatchExecutor, Watched], registry: FakeRegistry, tmp_path: Path
) -> None:
    executor, engine = watched
    wave, night = registry.publish("wave", b"wave"), registry.publish("night", b"night")
    before = asyncio.create_task(executor.paint([photo(wave, f"WAIT:{tmp_path}/go".encode())]))
    await until(lambda: len(engine.work) == 2)
    behind = asyncio.create_task(executor.paint([photo(night, b"1")]))
    await asyncio.wait([behind], timeout=0.3)
    painted = time.perf_counter()
    await asyncio.to_thread((tmp_path / "go").touch)
    (outcome,) = await behind
    assert isinstance(outcome, PaintedPhoto)
    assert 0 < outcome.loading < time.perf_counter() - painted
    await before


async def test_a_batch_whose_styles_cannot_be_had_holds_nobody_up(
    watched: tuple[BatchExecutor, Watched], registry: FakeRegistry
) -> None:
    executor, _ = watched
    wave, bad = registry.publish("wave", b"wave"), registry.publish("bad", b"bad")
    batches = [[photo(bad, b"1"), photo(wave, b"2")], [photo(bad, b"3")], [photo(wave, b"4")]]
    outcomes = await asyncio.gather(*[executor.paint(batch) for batch in batches])
    kinds = [[type(outcome) for outcome in batch] for batch in outcomes]
    assert kinds == [[BadCheckpoint, PaintedPhoto], [BadCheckpoint], [PaintedPhoto]]
    assert image_of(outcomes[0][1]) == inverted(b"2")


async def test_nothing_is_painted_beside_a_sheet(
    watched: tuple[BatchExecutor, Watched], registry: FakeRegistry, tmp_path: Path
) -> None:
    executor, engine = watched
    slow = registry.publish("slow", f"wait:{tmp_path}/go".encode())
    wave = registry.publish("wave", b"wave")
    hanging = asyncio.create_task(executor.paint([sheet(slow)]))
    await until(lambda: engine.work)
    beside = asyncio.create_task(executor.paint([photo(wave, b"beside")]))
    await asyncio.wait([beside], timeout=0.05)
    assert not engine.log
    await asyncio.to_thread((tmp_path / "go").touch)
    await asyncio.gather(hanging, beside)


async def test_batches_are_painted_between_the_slices_of_a_large_photo(
    watched: tuple[BatchExecutor, Watched], registry: FakeRegistry, tmp_path: Path
) -> None:
    executor, _ = watched
    wave, go_on = registry.publish("wave", b"wave"), tmp_path / "go"
    told: list[bool] = []
    wait = f"WAIT:{go_on}".encode()
    large = asyncio.create_task(executor.paint([a_large_task(wave.digest, wait, 123)], told.append))
    await until(lambda: told)
    for image in (b"1", b"2"):  # one batch after the other, while the large photo is painted
        assert image_of((await executor.paint([photo(wave, image)]))[0]) == inverted(image)
        assert executor.report().large
    assert not large.done()
    await asyncio.to_thread(go_on.touch)
    (outcome,) = await large
    assert isinstance(outcome, PaintedPhoto)
    assert (outcome.image, outcome.pixels, outcome.preview) == (inverted(wait), 100, b"123")
    assert told == [True, False] * (len(told) // 2)
    assert not executor.report().large


async def test_a_process_paints_one_large_photo_at_a_time(
    watched: tuple[BatchExecutor, Watched], registry: FakeRegistry, tmp_path: Path
) -> None:
    executor, _ = watched
    wave = registry.publish("wave", b"wave")
    told: list[str] = []
    first, second = (
        asyncio.create_task(
            executor.paint(
                [a_large_task(wave.digest, image)],
                lambda _, image=image: told.append(image.decode()),  # type: ignore[misc]
            )
        )
        for image in (f"WAIT:{tmp_path}/go".encode(), b"second")
    )
    await until(lambda: told)
    await asyncio.wait([second], timeout=0.05)
    assert "second" not in told
    await asyncio.to_thread((tmp_path / "go").touch)
    await asyncio.gather(first, second)
    assert told[-1] == "second"


async def test_what_is_loaded_ahead_is_pulled_at_once(tmp_path: Path) -> None:
    asked: list[str] = []
    all_asked = asyncio.Event()

    async def pull(digest: str) -> Path:
        asked.append(digest)
        if len(asked) == 3:
            all_asked.set()
        await all_asked.wait()
        if digest == "missing":
            raise RegistryUnavailable(digest)
        return tmp_path / digest

    for name in ("a", "b"):
        (tmp_path / name).write_bytes(name.encode())
    executor = BatchExecutor(lambda: ObedientEngine("cpu", 1), pull, 100)
    async with asyncio.timeout(10):
        await executor.warm(["a", "missing", "b"])
    assert executor.report().resident == {"a", "b"}
    assert asked.count("missing") == 1


async def test_what_is_loaded_ahead_has_painted_once(registry: FakeRegistry, tmp_path: Path) -> None:
    painted: list[bytes] = []

    class Noted(ObedientEngine):
        def paint(self, photo: Pixels, style: Any, options: StyleOptions) -> Pixels:
            painted.append(style.content)
            return super().paint(photo, style, options)

    styles = [registry.publish(name, name.encode()) for name in ("a", "sick", "b")]
    async with RegistryClient(registry.url) as client:
        executor = BatchExecutor(lambda: Noted("cpu", 1), BlobCache(tmp_path, client.download).path, 100)
        await executor.warm([style.digest for style in styles])
        assert painted == [b"a", b"sick", b"b"]
        assert executor.report().resident == {style.digest for style in styles}
        assert executor.report().batches == 0
