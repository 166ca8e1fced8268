"""Sheets: a painting of every style, without those that fail."""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import Sequence
from dataclasses import replace

import pytest
from PIL import Image

from runner.process import executor as executor_module
from runner.process.executor import BatchExecutor
from runner.protocol.messages import PaintedPhoto
from styles.errors import (
    BadCheckpoint,
    BadOption,
    DeadlineExceeded,
    NotAnImage,
    PainterError,
    RegistryUnavailable,
)
from styles.imaging.codec import decode
from styles.service.logs import current_trace
from tests.fakes.registry.registry import FakeRegistry
from tests.fakes.runner.process.executing import MISSING, image_of, shades, sheet
from tests.fakes.waiting import until


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
    traces: list[str] = []

    def note(_: logging.LogRecord) -> bool:
        traces.append(current_trace())
        return True

    executor_module.log.addFilter(note)
    task = replace(sheet(good[0], *failing, MISSING, good[1]), trace="its own")
    (outcome,) = await executor.paint([task])
    executor_module.log.removeFilter(note)
    assert shades(outcome, 2) == [ord("x"), ord("y")]
    assert traces == ["its own"] * 4


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
