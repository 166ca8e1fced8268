"""The runner process on its socket, asked directly."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from registry.client import RegistryClient
from runner.fleet.blob_cache import BlobCache
from runner.fleet.fleet import NotDelivered
from runner.fleet.launcher import LocalLauncher
from runner.fleet.runner_connection import RunnerConnection
from runner.fleet.style_file_pulls import Pull
from runner.protocol.framing import Frame
from runner.protocol.messages import PaintedPhoto, batch_to_frame, frame_to_outcomes, report_from_json
from styles.contract import ResolvedStyle
from styles.errors import RegistryUnavailable, RunnerDied
from tests.fakes.registry.registry import FakeRegistry
from tests.fakes.runner.fleet import a_task, inverted
from tests.fakes.styles.photos import jpeg
from tests.fakes.styles.style_files import make_shipped
from tests.fakes.waiting import until


def command(cache: Path, parent: int) -> list[str]:
    words = f"--device cpu --threads 1 --parent {parent} --cache-bytes 1000 --cache {cache}".split()
    return [sys.executable, "-m", "tests.fakes.runner.process.engine_process", *words]


async def connect(command: Sequence[str], pull: Pull) -> RunnerConnection:
    return await LocalLauncher(command, pull).start()


async def no_registry(digest: str, path: Path) -> None:
    raise AssertionError


@pytest.fixture
async def child(registry: FakeRegistry, tmp_path: Path) -> AsyncIterator[RunnerConnection]:
    async with RegistryClient(registry.url) as client:
        blobs = BlobCache(tmp_path / "cache", client.download)
        blobs.startup()
        child = await connect(command(tmp_path / "cache", os.getpid()), blobs.path)
        yield child
        await child.stop()


def batch(style: ResolvedStyle, image: bytes) -> Frame:
    return batch_to_frame([a_task(style.digest, image)])


async def test_it_answers_while_it_paints(
    child: RunnerConnection, registry: FakeRegistry, tmp_path: Path
) -> None:
    style = registry.publish("mosaic", b"weights")
    photo = f"WAIT:{tmp_path}/go".encode()
    painting = asyncio.create_task(child.ask(batch(style, photo)))
    status = await child.ask(Frame({"op": "warm"}))
    assert report_from_json(status.header["report"]).batches == 0
    assert not painting.done()
    await asyncio.to_thread((tmp_path / "go").touch)
    (outcome,) = frame_to_outcomes(await painting, 1)
    assert getattr(outcome, "image", None) == inverted(photo)


@pytest.mark.skipif(sys.platform != "linux", reason="it needs /proc")
async def test_it_cannot_read_the_terminal_of_its_log(registry: FakeRegistry, tmp_path: Path) -> None:
    style = registry.publish("mosaic", b"weights")
    keyboard, terminal = os.openpty()
    on_terminal = ["sh", "-c", f'exec "$@" 1<>{os.ttyname(terminal)} 2>&1', "sh"]
    async with RegistryClient(registry.url) as client:
        blobs = BlobCache(tmp_path / "cache", client.download)
        blobs.startup()
        words = [*on_terminal, *command(tmp_path / "cache", os.getpid())]
        child = await connect(words, blobs.path)
        os.write(keyboard, b"password\nanother\n")
        tried = []
        for attempt in ("os.read(1, 9)", "os.read(2, 9)", "os.write(1, b'log')", "os.write(2, b'log')"):
            answer = await child.ask(batch(style, f"TAKE:import os; {attempt}".encode()))
            (outcome,) = frame_to_outcomes(answer, 1)
            assert isinstance(outcome, PaintedPhoto)
            tried.append(json.loads(outcome.image)[1])
        await child.stop()
    os.close(keyboard)
    os.close(terminal)
    assert tried == ["[Errno 9] Bad file descriptor"] * 2 + [None] * 2


async def test_a_pull_that_fails_unexpectedly_is_answered(registry: FakeRegistry, tmp_path: Path) -> None:
    async def fails(digest: str) -> Path:
        raise KeyError(digest)

    style = registry.publish("mosaic", b"weights")
    (tmp_path / "cache").mkdir()
    child = await connect(command(tmp_path / "cache", os.getpid()), fails)
    (outcome,) = frame_to_outcomes(await child.ask(batch(style, b"photo")), 1)
    await child.stop()
    assert isinstance(outcome, RegistryUnavailable)


async def test_warm_loads_what_can_be_had(child: RunnerConnection, registry: FakeRegistry) -> None:
    good, bad = registry.publish("good", b"weights"), registry.publish("bad", b"bad")
    answer = await child.ask(Frame({"op": "warm", "digests": [bad.digest, good.digest]}))
    assert report_from_json(answer.header["report"]).resident == {good.digest}


async def test_loading_ahead_fails_alone(child: RunnerConnection, registry: FakeRegistry) -> None:
    styles = [registry.publish(name, name.encode()) for name in ("raise", "bad", "good")]
    missing = "sha256:" + "0" * 64
    digests = [missing, "nonsense", *(style.digest for style in styles)]
    answer = await child.ask(Frame({"op": "warm", "digests": digests}))
    assert report_from_json(answer.header["report"]).resident == {styles[-1].digest}
    (outcome,) = frame_to_outcomes(await child.ask(batch(styles[-1], b"photo")), 1)
    assert getattr(outcome, "image", None) == inverted(b"photo")


async def test_a_batch_waits_for_one_loading_ahead_at_the_most(
    child: RunnerConnection, registry: FakeRegistry, tmp_path: Path
) -> None:
    style = registry.publish("mosaic", b"weights")
    await child.ask(batch(style, b"photo"))
    first, second = (registry.publish(n, f"wait:{tmp_path}/{n}".encode()) for n in ("first", "second"))
    loading = asyncio.create_task(child.ask(Frame({"op": "warm", "digests": [first.digest, second.digest]})))
    await until(lambda: registry.asked[f"/blobs/{first.digest.removeprefix('sha256:')}"])
    painting = asyncio.create_task(child.ask(batch(style, b"photo")))
    await child.ask(Frame({"op": "warm"}))  # it has read the batch by now
    await asyncio.to_thread((tmp_path / "first").touch)
    (outcome,) = frame_to_outcomes(await painting, 1)
    assert getattr(outcome, "image", None) == inverted(b"photo")
    assert not loading.done()
    await asyncio.to_thread((tmp_path / "second").touch)
    loaded = report_from_json((await loading).header["report"])
    assert loaded.resident >= {first.digest, second.digest}


async def test_a_request_that_nobody_knows_ends_it(child: RunnerConnection) -> None:
    with pytest.raises(RunnerDied):
        await child.ask(Frame({"op": "dance"}))
    assert await child.wait() == 1
    with pytest.raises(NotDelivered):
        await child.ask(Frame({"op": "warm"}))


async def test_it_ends_politely(child: RunnerConnection) -> None:
    await child.ask(Frame({"op": "warm"}))
    await child.stop()
    assert await child.wait() == 0


async def test_it_does_not_start_for_a_parent_that_is_gone(tmp_path: Path) -> None:
    parent = 1 if os.getpid() != 1 else 2
    child = await connect(command(tmp_path, parent), BlobCache(tmp_path, no_registry).path)
    assert await child.wait() == 1
    with pytest.raises(NotDelivered):
        await child.ask(Frame({"op": "warm"}))


async def full_disk(digest: str) -> Path:
    raise OSError(errno.ENOSPC, "No space left on device")


async def test_a_full_disk_is_the_photos_trouble_alone(tmp_path: Path) -> None:
    child = await connect(command(tmp_path, os.getpid()), full_disk)
    answer = await child.ask(batch_to_frame([a_task("sha256:" + "0" * 64)]))
    (outcome,) = frame_to_outcomes(answer, 1)
    assert isinstance(outcome, RegistryUnavailable)
    await child.ask(Frame({"op": "warm"}))
    await child.stop()


async def test_the_styles_of_a_batch_are_pulled_at_once(
    child: RunnerConnection, registry: FakeRegistry
) -> None:
    styles = [registry.publish(name, name.encode()) for name in "ab"]
    registry.silent.clear()
    tasks = [a_task(style.digest) for style in styles]
    painting = asyncio.create_task(child.ask(batch_to_frame(tasks)))
    await until(lambda: registry.asked.total() == 2)
    registry.silent.set()
    outcomes = frame_to_outcomes(await painting, 2)
    assert [getattr(outcome, "image", None) for outcome in outcomes] == [inverted(b"photo")] * 2


async def test_the_cache_keeps_to_its_bytes(child: RunnerConnection, registry: FakeRegistry) -> None:
    first, second = registry.publish("a", b"1" * 600), registry.publish("b", b"2" * 600)
    for style in (first, second):
        await child.ask(batch(style, b"photo"))
    status = await child.ask(Frame({"op": "warm"}))
    assert report_from_json(status.header["report"]).resident == {second.digest}


def test_painting_on_a_cpu_loads_no_torch(tmp_path: Path) -> None:
    (tmp_path / "photo").write_bytes(jpeg())
    program = (
        "import sys; from pathlib import Path;"
        "from runner.process.engine import Engine, BatchItem;"
        "from runner.protocol.messages import PaintedPhoto;"
        "from styles.contract import StyleOptions;"
        "style = Engine('cpu', 1).load('d', Path(sys.argv[1]));"
        "item = BatchItem(style=style, image=Path(sys.argv[2]).read_bytes(), options=StyleOptions());"
        "(painted,) = Engine('cpu', 1).run_batch([item]);"
        "assert isinstance(painted, PaintedPhoto);"
        "print(*{'torch', 'onnx', 'onnxruntime'} & set(sys.modules))"
    )
    weights = make_shipped(tmp_path, "mosaic").weights
    command = [sys.executable, "-c", program, str(weights), str(tmp_path / "photo")]
    run = subprocess.run(command, check=True, capture_output=True, text=True)
    assert run.stdout.split() == []
