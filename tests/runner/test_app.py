"""The whole process: `python -m runner serve`, from its start to its signals."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from styles.contract import StyleJob, StyleOptions
from styles.errors import BadOption, NotAnImage
from styles.imaging.codec import decode
from styles.imaging.contact_sheet import Grid
from styles.importing import importer
from tests.fakes.mailbot.servers.dovecot import free_port
from tests.fakes.registry.registry import FakeRegistry
from tests.fakes.runner.fleet import a_job
from tests.fakes.runner.local_fleet import is_alive
from tests.fakes.runner.served import serving
from tests.fakes.runner.service import OBEDIENT, served
from tests.fakes.styles.foreign_files import write_state_dict
from tests.fakes.styles.photos import jpeg
from tests.fakes.styles.style_files import make_shipped
from tests.fakes.waiting import until


async def test_the_real_thing(registry: FakeRegistry, tmp_path: Path) -> None:
    registry.publish_file("mosaic", make_shipped(tmp_path, "mosaic").weights)
    async with served(registry, tmp_path, "-m", "runner", "serve", "--config", "CONFIG") as service:
        painted = await service.client.run(a_job(image=jpeg()))
        assert painted.image.startswith(b"\xff\xd8\xff")
        with pytest.raises(NotAnImage):
            await service.client.run(a_job(image=b"no photo"))
        (killed,) = await service.pids()
        os.kill(killed, signal.SIGKILL)
        again = await service.client.run(a_job("2", image=jpeg(1)))
        assert again.image.startswith(b"\xff\xd8\xff")
        (pid,) = await service.pids()
        assert pid != killed
        service.process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(service.process.wait(), 30) == 0
        await until(lambda: not is_alive(pid))


async def test_a_blend_and_a_sheet_of_the_real_thing(registry: FakeRegistry, tmp_path: Path) -> None:
    for seed, name in enumerate(("mosaic", "udnie")):
        registry.publish_file(name, make_shipped(tmp_path, name, seed).weights)
    write_state_dict(tmp_path / "upload")
    importer.keep(tmp_path / "upload", tmp_path / "candy", None)
    registry.publish("candy", (tmp_path / "candy").read_bytes())
    photo, png = jpeg(size=(180, 120)), StyleOptions(format="png", size=96, preview=64)
    async with served(registry, tmp_path, "-m", "runner", "serve", "--config", "CONFIG") as service:
        jobs = [
            StyleJob(id=style, style=style, image=photo, options=png)
            for style in ("mosaic", "mosaic:0.6,udnie:0.4", "udnie")
        ]
        results = [await service.client.run(job) for job in jobs]
        whole = await service.client.run(replace(jobs[0], style="", sheet=True))
        with pytest.raises(BadOption, match="candy has a network of its own"):
            await service.client.run(replace(jobs[0], style="mosaic,candy"))
    assert len({result.image for result in results}) == 3
    assert [decode(result.preview).shape for result in results] == [(43, 64, 3)] * 3
    sheet = decode(whole.image)
    assert sheet.shape[1::-1] == Grid.of(4, 96, 64).size
    assert max(decode(whole.preview).shape) == 64


async def test_what_goes_live_is_loaded_ahead() -> None:
    async with serving() as served:
        style = served.registry.publish("new", b"3")
        await served.registry.announce()
        await until(lambda: style.digest in served.fleet.warmed)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
async def test_a_signal_drains(registry: FakeRegistry, tmp_path: Path, number: signal.Signals) -> None:
    registry.publish("mosaic", b"weights")
    async with served(registry, tmp_path, "-c", OBEDIENT, "CONFIG") as service:
        (pid,) = await service.pids()
        photo = f"WAIT:{tmp_path}/go".encode()
        painting = asyncio.create_task(service.client.run(a_job(image=photo)))
        await service.until("in_flight")
        service.process.send_signal(number)
        await service.until("draining")
        assert not painting.done()
        await asyncio.to_thread((tmp_path / "go").touch)
        assert (await painting).runner == "cpu-0"
        assert await asyncio.wait_for(service.process.wait(), 30) == 0
        assert not is_alive(pid)


async def test_a_restart_under_load(registry: FakeRegistry, tmp_path: Path) -> None:
    registry.publish("mosaic", b"weights")
    async with served(registry, tmp_path, "-c", OBEDIENT, "CONFIG", port=free_port()) as service:
        (old,) = await service.pids()
        painted: list[str] = []
        over = asyncio.Event()

        async def mail(sender: int) -> None:
            while not over.is_set():
                result = await service.client.run(a_job(f"{sender}-{len(painted)}", image=b"%d" % sender))
                painted.append(result.runner)

        load = [asyncio.create_task(mail(sender)) for sender in range(4)]
        command = [sys.executable, "-m", "runner", "restart", "--config", str(tmp_path / "config.toml")]
        restart = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        said, _ = await asyncio.wait_for(restart.communicate(), 60)
        over.set()
        await asyncio.gather(*load)
        (fresh,) = await service.pids()
        assert said.decode() == f"cpu-0: process {fresh} in place of {old}\n"
        assert (restart.returncode, set(painted)) == (0, {"cpu-0"})
        assert not is_alive(old)


@pytest.mark.parametrize("more", [[signal.SIGTERM], [signal.SIGTERM, signal.SIGINT]])
async def test_a_second_signal_ends_it_at_once(
    registry: FakeRegistry, tmp_path: Path, more: list[signal.Signals]
) -> None:
    registry.publish("mosaic", b"weights")
    async with served(registry, tmp_path, "-c", OBEDIENT, "CONFIG") as service:
        (pid,) = await service.pids()
        painting = asyncio.create_task(service.client.run(a_job(image=b"HANG")))
        await service.until("in_flight")
        service.process.send_signal(signal.SIGTERM)
        await service.until("draining")
        for number in more:
            service.process.send_signal(number)
        assert await asyncio.wait_for(service.process.wait(), 20) == 0  # draining alone would take 30 s
        assert not is_alive(pid)
        assert await asyncio.gather(painting, return_exceptions=True)
