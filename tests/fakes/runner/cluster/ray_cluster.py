"""A Ray cluster whose nodes are network namespaces, so that their links can be cut. Needs root and iproute2.

The head is on this machine's end of the bridge and has no cores. Everything that Ray starts carries a mark in
its environment, by which all of it is found again. It is removed by a process of its own (`ray_remains`),
so it ends too when the test is killed.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import importlib.util
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO, Self

import pytest

from runner.cluster.secure_connections import SECRET
from tests.fakes.mailbot.servers.dovecot import free_port
from tests.fakes.runner.cluster.ray_fleet import RELAY_SECRET
from tests.fakes.runner.cluster.ray_remains import MARK, inside, marked, space
from tests.fakes.waiting import until

STORE_BYTES = 80_000_000
ROOT = str(Path(__file__).parents[4])


def missing() -> str:
    """What this machine lacks for it, or ""."""
    if importlib.util.find_spec("ray") is None:
        return "Ray is not installed: pip install '.[ray]'"
    if os.geteuid() or not shutil.which("ip"):
        return "network namespaces need root and iproute2"
    return ""


def require_ray() -> None:
    """Skips the test where a cluster cannot be had, and says what is missing."""
    if why := missing():
        pytest.skip(why)


class RayCluster:
    """A head and `nodes` nodes of some cores each, as long as the block."""

    def __init__(self, *, nodes: int = 2, cores: int = 1) -> None:
        self.folder = tempfile.mkdtemp(prefix="pt")  # the paths of Ray's sockets must be short
        self._cores = cores
        self.name = f"{random.randrange(1 << 24):06x}"
        self._network = f"10.{random.randrange(64, 128)}.{random.randrange(256)}"
        self.nodes = range(nodes)
        #: Of the head and the balancer; of a node by its number.
        self.host = f"{self._network}.1"
        self.private_network = f"{self._network}.0/24"
        #: Where the head listens, and its client server; other ports than another cluster on this machine.
        self._port, client_port = _port(), _port()
        self.address = f"{self.host}:{self._port}"
        self.client_server = f"ray://{self.host}:{client_port}"

    async def __aenter__(self) -> Self:
        # A token in the home folder would switch authentication on, for the head alone.
        os.environ.setdefault("RAY_AUTH_MODE", "disabled")
        with await asyncio.to_thread(_locked) as alone:
            self._remover = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tests.fakes.runner.cluster.ray_remains"),
                *(self.name, self.folder, str(len(self.nodes))),
                stdin=asyncio.subprocess.PIPE,
                pass_fds=[alone.fileno()],  # another cluster waits until this one is removed
                start_new_session=True,  # so that what ends the test does not end it
                cwd=ROOT,
            )
        try:
            await asyncio.to_thread(self._make_network)
            await self.start_head()
            for node in self.nodes:
                await self.start_node(node)
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_exception: object) -> None:
        await self._remover.communicate(b"")  # closes the pipe, which without input Python 3.11 does not
        assert self._remover.returncode == 0

    def address_of(self, node: int) -> str:
        return f"{self._network}.{node + 2}"

    def raylet_socket(self, node: int) -> str:
        """Path of the unix socket by which the processes of a node speak with Ray."""
        return f"{self.folder}/node{node}/session_latest/sockets/raylet"

    async def start_head(self) -> None:
        await self._ray(
            "--head", f"--port={self._port}", f"--node-ip-address={self.host}", "--num-cpus=0",
            f"--ray-client-server-port={self.client_server.rpartition(':')[2]}",
            "--include-dashboard=false", "--disable-usage-stats", f"--temp-dir={self.folder}/head",
        )  # fmt: skip

    async def start_node(self, node: int) -> None:
        await self._ray(
            f"--address={self.address}", f"--node-ip-address={self.address_of(node)}",
            f"--num-cpus={self._cores}", f"--temp-dir={self.folder}/node{node}", space=self._space(node),
        )  # fmt: skip

    def processes(self, *words: str, node: int | None = None) -> list[int]:
        """Pids of the cluster's processes whose command line contains all words; of one node, or of all."""
        found = marked(self.name, *words)
        if node is None:
            return found
        return sorted(set(found) & inside(self._space(node)))

    async def kill(self, *pids: int) -> None:
        """SIGKILL, and waits for the ends."""
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        await until(lambda: not set(pids) & set(self.processes()), 60)

    async def kill_node(self, node: int) -> None:
        """Everything in a node's namespace, as when a machine loses power; the link is cut first."""
        self.cut(node)
        await self.kill(*inside(self._space(node)))

    def cut(self, node: int) -> None:
        """Drops everything between a node and all others; both ends see no more than silence."""
        _ip(f"link set {self._veth(node)} nomaster")

    def mend(self, node: int) -> None:
        _ip(f"link set {self._veth(node)} master br{self.name}")

    def _make_network(self) -> None:
        _ip(f"link add br{self.name} type bridge")
        _ip(f"addr add {self.host}/24 dev br{self.name}")
        _ip(f"link set br{self.name} up")
        for node in self.nodes:
            space, veth = self._space(node), self._veth(node)
            _ip(f"netns add {space}")
            _ip(f"link add {veth} type veth peer name eth0 netns {space}")
            _ip(f"link set {veth} master br{self.name} up")
            _ip(f"-n {space} addr add {self.address_of(node)}/24 dev eth0")
            _ip(f"-n {space} link set eth0 up")
            _ip(f"-n {space} link set lo up")

    def _space(self, node: int) -> str:
        return space(self.name, node)

    def _veth(self, node: int) -> str:
        return f"v{self.name}{node}"

    async def _ray(self, *arguments: str, space: str = "") -> None:
        """`ray start`, in a namespace."""
        inside = ["ip", "netns", "exec", space] if space else []
        process = await asyncio.create_subprocess_exec(
            *inside,
            *(str(Path(sys.executable).parent / "ray"), "start", *arguments),
            f"--object-store-memory={STORE_BYTES}",
            env={**os.environ, MARK: self.name, SECRET: RELAY_SECRET, "PYTHONPATH": ROOT},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await process.communicate()
        assert process.returncode == 0, said.decode()


def _port() -> int:
    """A free port above those that Ray gives its workers."""
    return next(port for port in iter(free_port, 0) if port >= 20_000)


def _locked() -> IO[str]:
    """Waits until no other cluster of these tests runs on this machine, which one is enough for."""
    file = Path(tempfile.gettempdir(), f"{MARK.lower()}.lock").open("w")  # noqa: SIM115 - held as long
    fcntl.flock(file, fcntl.LOCK_EX)
    return file


def _ip(command: str) -> None:
    subprocess.run(["ip", *command.split()], check=True)
