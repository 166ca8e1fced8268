"""The process as an operator runs it: it starts, listens, serves and ends on a signal."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp
import pytest

from registry.app import running
from registry.client import RegistryClient
from registry.config import RegistryConfigFile
from tests.fakes.registry.service import NAMES
from tests.fakes.registry.validator import FakeValidator
from tests.fakes.runner.balancer import FakeBalancer

SERVE = """
import asyncio, logging, sys
from pathlib import Path
from registry.app import serve
from registry.config import RegistryConfigFile
from styles.service.config import load

logging.basicConfig(level=logging.INFO, format="%(message)s")
asyncio.run(serve(load(Path(sys.argv[1]), RegistryConfigFile), Path(sys.argv[2])))
"""


@contextmanager
def process(tmp_path: Path, builtin: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A registry in a process of its own, and its URL."""
    file = tmp_path / "config.toml"
    file.write_text('[registry]\nport = 0\ndata = "data"\n')
    command = [sys.executable, "-c", SERVE, str(file), str(builtin)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as serving:
        assert serving.stderr is not None
        lines = iter(serving.stderr.readline, "")
        try:
            yield (
                serving,
                next(found[1] for line in lines if (found := re.search(r"listening on (\S+)", line))),
            )
        finally:
            serving.kill()


def environments(pid: int) -> list[bytes]:
    """Of the processes that a process has started."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [Path(f"/proc/{child}/environ").read_bytes() for child in children]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_it_cleanly(tmp_path: Path, builtin: Path, number: signal.Signals) -> None:
    with process(tmp_path, builtin) as (serving, url):
        async with RegistryClient(url) as client:
            assert [style.name for style in await client.styles()] == list(NAMES)
        serving.send_signal(number)
        assert serving.wait(20) == 0
        assert not (tmp_path / "data" / "registry.db-wal").exists()  # SQLite's sign of a proper close


async def test_the_operators_token_comes_from_the_environment(
    tmp_path: Path, builtin: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGISTRY_UPLOAD_TOKEN", "from outside")
    with process(tmp_path, builtin) as (serving, url):
        async with aiohttp.ClientSession() as session:
            for token, status in (("from outside", 200), ("from inside", 401)):
                headers = {"Authorization": f"Bearer {token}"}
                async with session.get(f"{url}/api/audit", headers=headers) as response:
                    assert response.status == status
        children = environments(serving.pid)
        assert children  # the process that waits for a style to try
        assert not any(b"from outside" in environment for environment in children)


async def test_it_begins_where_it_was_killed(tmp_path: Path, builtin: Path) -> None:
    with process(tmp_path, builtin) as (serving, url):
        async with RegistryClient(url) as client:
            before = await client.resolve("udnie")
        serving.kill()
        serving.wait(20)
    with process(tmp_path, builtin) as (_, url):
        async with RegistryClient(url) as client:
            assert await client.resolve("udnie") == before
            assert (await client.events()).last == len(NAMES)


@pytest.mark.parametrize(("proxied", "visitor"), [(True, "1.2.3.4"), (False, "127.0.0.1")])
async def test_behind_a_proxy_who_tries_a_style_is_whom_it_saw(
    config: RegistryConfigFile, builtin: Path, proxied: bool, visitor: str
) -> None:
    async with FakeBalancer() as balancer:
        values = config.model_dump()
        values["registry"]["proxied"] = proxied
        values["balancer"]["port"] = balancer.port
        async with (
            running(RegistryConfigFile.model_validate(values), builtin, validator=FakeValidator()) as url,
            aiohttp.ClientSession() as session,
            session.post(
                f"{url}/api/styles/mosaic/try", data=b"photo", headers={"X-Forwarded-For": "1.2.3.4"}
            ) as response,
        ):
            assert response.status == 200
        assert balancer.jobs == [{"style": "mosaic", "sender": f"page {visitor}"}]


async def test_a_taken_port_is_told_and_nothing_stays_open(config: RegistryConfigFile, builtin: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        occupied = config.model_copy(update={"registry": config.registry.model_copy(update={"port": port})})
        with pytest.raises(OSError, match="in use"):
            async with running(occupied, builtin):
                pass
    assert not (config.registry.data / "registry.db-wal").exists()
