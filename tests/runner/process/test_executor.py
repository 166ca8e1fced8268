"""The executor with an engine that does what it is told: blends, and sheets without what fails."""

from __future__ import annotations

import asyncio
import io
import threading
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from registry.client import RegistryClient
from runner.process import executor as executor_module
from runner.process.blob_cache import BlobCache
from runner.process.engine import BatchItem, EngineStep, PhotoInput
from runner.process.executor import BatchExecutor
from runner.protocol.messages import LARGE_SIDE, Label, Outcome, PaintedPhoto, StyleShare, Task
from styles.contract import ResolvedStyle, StyleOptions
from styles.errors import (
    BadCheckpoint,
    BadOption,
    DeadlineExceeded,
    NotAnImage,
    PainterError,
    RegistryUnavailable,
)
from styles.imaging.codec import Pixels, decode
from styles.imaging.contact_sheet import Grid
from tests.fakes.registry.registry import FakeRegistry
from tests.fakes.runner.engine_process import ObedientEngine
from tests.fakes.runner.fleet import inverted
from tests.fakes.styles.photos import jpeg
from tests.fakes.waiting import until

MISSING = StyleShare(digest="sha256:" + "0" * 64)


@pytest.fixture
async def executor(registry: FakeRegistry, tmp_path: Path) -> AsyncIterator[BatchExecutor]:
    """Over the obedient engine, with room in memory for ten bytes of styles."""
    async with RegistryClient(registry.url) as client:
        executor = BatchExecutor(lambda: ObedientEngine("cpu", 1), BlobCache(tmp_path, client.download), 10)
        executor.startup()
        yield executor


def blend(*parts: tuple[ResolvedStyle, float], image: bytes = b"STYLE") -> Task:
    """A photo that comes back as what it was painted in."""
    made = tuple(StyleShare(digest=style.digest, share=share) for style, share in parts)
    return Task(parts=made, image=image, options=StyleOptions())


def sheet(*styles: ResolvedStyle | StyleShare, image: bytes | None = None, **options: object) -> Task:
    parts = tuple(
        style
        if isinstance(style, StyleShare)
        else StyleShare(digest=style.digest, label=Label(name=style.name))
        for style in styles
    )
    wanted = StyleOptions(**{"format": "png", **options})  # type: ignore[arg-type]
    return Task(parts=parts, image=image or jpeg(size=(200, 150)), options=wanted, sheet=True)


def image_of(outcome: Outcome) -> bytes:
    assert isinstance(outcome, PaintedPhoto), outcome
    return outcome.image


def shades(outcome: Outcome, count: int) -> list[int]:
    """The grey in the middle of each painting that hangs beside the photo, which has 200 by 150 pixels."""
    whole = decode(image_of(outcome))
    grid = Grid.of(count + 1, 200, 150)
    assert whole.shape[1::-1] == grid.size
    corners = [grid.corner(index) for index in range(1, count + 1)]
    return [int(whole[top + 75, left + 100, 0]) for left, top in corners]


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
        executor = BatchExecutor(lambda: engine, BlobCache(tmp_path, client.download), 10)
        executor.startup()
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
        executor = BatchExecutor(make, BlobCache(tmp_path, client.download), 10)
        executor.startup()
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


async def test_nothing_is_decoded_beside_what_may_be_large(
    watched: tuple[BatchExecutor, Watched], registry: FakeRegistry, tmp_path: Path
) -> None:
    executor, engine = watched
    wave, go_on = registry.publish("wave", b"wave"), tmp_path / "go"
    large = f"WAIT:{go_on}".encode()
    painting = [
        asyncio.create_task(executor.paint([photo(wave, large, size=LARGE_SIDE + 1)])),
        asyncio.create_task(executor.paint([photo(wave, b"small")])),
    ]
    await until(lambda: engine.log)
    await asyncio.to_thread(go_on.touch)
    await asyncio.gather(*painting)
    assert engine.log == [(step, image) for image in (large, b"small") for step in ("open", "close")]


async def test_a_sheet_has_a_painting_of_every_style(executor: BatchExecutor, registry: FakeRegistry) -> None:
    styles = [registry.publish(name, name.encode()) for name in "abc"]
    (outcome,) = await executor.paint([sheet(*styles)])
    assert shades(outcome, 3) == [ord("a"), ord("b"), ord("c")]
    assert executor.report().batches == 1


async def test_a_sheet_takes_one_style_at_a_time(executor: BatchExecutor, registry: FakeRegistry) -> None:
    styles = [registry.publish(name, name.encode() * 8) for name in "abcdef"]
    (outcome,) = await executor.paint([sheet(*styles)])
    assert shades(outcome, 6) == [ord(name) for name in "abcdef"]
    report = executor.report()
    assert len(report.resident) <= 1  # of 8 bytes each, ten have room
    assert (report.loads, report.evictions) == (6, 6 - len(report.resident))


async def test_a_sheet_goes_without_what_fails(executor: BatchExecutor, registry: FakeRegistry) -> None:
    good = [registry.publish(name, name.encode()) for name in ("x", "y")]
    failing = [registry.publish(name, name.encode()) for name in ("bad", "sick", "raise")]
    (outcome,) = await executor.paint([sheet(good[0], *failing, MISSING, good[1])])
    assert shades(outcome, 2) == [ord("x"), ord("y")]


async def test_a_sheets_files_are_pulled_at_once(executor: BatchExecutor, registry: FakeRegistry) -> None:
    styles = [registry.publish(name, name.encode()) for name in "abc"]
    registry.silent.clear()
    painting = asyncio.create_task(executor.paint([sheet(*styles)]))
    await until(lambda: registry.asked.total() == 3)
    registry.silent.set()
    assert len(shades((await painting)[0], 3)) == 3


@pytest.mark.parametrize(
    ("contents", "kind"), [((b"bad",), BadCheckpoint), ((), RegistryUnavailable)], ids=["bad", "missing"]
)
async def test_a_sheet_of_nothing_says_why(
    executor: BatchExecutor, registry: FakeRegistry, contents: Sequence[bytes], kind: type[PainterError]
) -> None:
    styles = [registry.publish(content.decode(), content) for content in contents]
    (outcome,) = await executor.paint([sheet(*styles, *([] if styles else [MISSING]))])
    assert isinstance(outcome, kind)


async def test_a_device_on_which_every_style_fails_is_of_no_more_use(
    executor: BatchExecutor, registry: FakeRegistry
) -> None:
    styles = [registry.publish(name, name.encode()) for name in ("sick-1", "sick-2")]
    with pytest.raises(RuntimeError, match="told so"):
        await executor.paint([sheet(*styles)])


async def test_a_sheet_of_what_is_no_photo(executor: BatchExecutor, registry: FakeRegistry) -> None:
    style = registry.publish("a", b"a")
    (outcome,) = await executor.paint([sheet(style, image=b"no photo")])
    assert isinstance(outcome, NotAnImage)
    assert not registry.asked.total()


async def test_a_sheet_of_too_many_pixels_is_refused_before_it_is_painted(
    executor: BatchExecutor, registry: FakeRegistry
) -> None:
    photo = io.BytesIO()
    Image.new("L", (6000, 6000)).save(photo, "PNG")
    style = registry.publish("a", b"a")
    (outcome,) = await executor.paint([sheet(style, image=photo.getvalue(), size=6000)])
    assert isinstance(outcome, BadOption)
    assert not registry.asked.total()


async def test_what_is_late_is_left_out_of_a_sheet(
    executor: BatchExecutor, registry: FakeRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executor_module, "SHEET_SECONDS", -1.0)
    (outcome,) = await executor.paint([sheet(registry.publish("a", b"a"))])
    assert isinstance(outcome, DeadlineExceeded)


async def test_a_sheet_has_a_preview_and_keeps_to_its_bytes(
    executor: BatchExecutor, registry: FakeRegistry
) -> None:
    styles = [registry.publish(name, name.encode()) for name in "abc"]
    (outcome,) = await executor.paint([sheet(*styles, format="jpeg", max_bytes=9_000, preview=100)])
    assert len(image_of(outcome)) <= 9_000
    assert isinstance(outcome, PaintedPhoto)
    assert max(decode(outcome.preview).shape) == 100
    assert outcome.seconds > 0


async def test_what_is_loaded_ahead_has_painted_once(registry: FakeRegistry, tmp_path: Path) -> None:
    painted: list[bytes] = []

    class Noted(ObedientEngine):
        def paint(self, photo: Pixels, style: Any, options: StyleOptions) -> Pixels:
            painted.append(style.content)
            return super().paint(photo, style, options)

    styles = [registry.publish(name, name.encode()) for name in ("a", "sick", "b")]
    async with RegistryClient(registry.url) as client:
        executor = BatchExecutor(lambda: Noted("cpu", 1), BlobCache(tmp_path, client.download), 100)
        executor.startup()
        await executor.warm([style.digest for style in styles])
        assert painted == [b"a", b"sick", b"b"]
        assert executor.report().resident == {style.digest for style in styles}
        assert executor.report().batches == 0
