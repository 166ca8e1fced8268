"""A runner process that a photo has taken over: what it may still do, tried in the real process."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from runner.protocol.messages import PaintedPhoto
from styles.sandbox import landlock
from tests.fakes.registry.registry import FakeRegistry
from tests.fakes.runner.fleet import a_task
from tests.fakes.runner.local_fleet import paint, pid_of, running
from tests.fakes.styles.gpus import ON_GPU
from tests.fakes.styles.photos import jpeg
from tests.fakes.styles.style_files import make_shipped

FENCED = sys.platform == "linux" and bool(landlock.abi_version())
pytestmark = pytest.mark.skipif(not FENCED, reason="this kernel has no landlock")

DONE = ("done", None)
NOT_PERMITTED = ("PermissionError", "[Errno 1] Operation not permitted")


class TakenOver:
    """Has a runner run code as a photo would that has taken it over."""

    def __init__(self, registry: FakeRegistry, folder: Path) -> None:
        self.registry = registry
        self.folder = folder
        self.style = registry.publish("mosaic", b"weights")
        self.blob = folder / "cache" / self.style.digest.removeprefix("sha256:")

    async def tries(self, *attempts: str) -> list[tuple[str, str | None]]:
        """What came of each: ("done", None), or an error's class and words."""
        photos = [f"TAKE:{attempt}".encode() for attempt in attempts]
        async with running(self.registry, self.folder) as fleet:
            outcomes = await paint(fleet, self.style.digest, *photos)
        tried = []
        for outcome in outcomes:
            assert isinstance(outcome, PaintedPhoto)
            kind, words = json.loads(outcome.image)
            tried.append((kind, words))
        return tried

    async def is_denied(self, *attempts: str) -> None:
        """Each fails for want of rights to a file."""
        for attempt, (kind, words) in zip(attempts, await self.tries(*attempts), strict=True):
            assert kind == "PermissionError", (attempt, kind, words)


@pytest.fixture
def taken(registry: FakeRegistry, tmp_path: Path) -> TakenOver:
    return TakenOver(registry, tmp_path)


@pytest.fixture
def unix_server(tmp_path: Path) -> Iterator[str]:
    """The path of a unix socket that listens, as another service's."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "s"))
        server.listen()
        yield str(tmp_path / "s")


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file beside the style files."""
    (tmp_path / "cache").mkdir()
    (tmp_path / "secret").write_text("password")
    return tmp_path / "secret"


async def test_it_opens_no_socket(taken: TakenOver, unix_server: str) -> None:
    attempts = [
        f"import socket; socket.create_connection(('127.0.0.1', {taken.registry.port}))",
        f"import socket; socket.socket(socket.AF_UNIX).connect({unix_server!r})",
        "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))",
        "import socket; socket.socket(socket.AF_INET6)",
        "import socket; socket.create_server(('127.0.0.1', 0))",
        "import socket; socket.socketpair()",
    ]
    assert await taken.tries(*attempts) == [NOT_PERMITTED] * len(attempts)


async def test_it_connects_none_of_its_sockets_anew(taken: TakenOver, unix_server: str) -> None:
    descriptors = "[int(fd) for fd in os.listdir('/proc/self/fd')]"
    (tried,) = await taken.tries(
        f"import os, socket\nfor fd in {descriptors}:\n"
        "    try: end = socket.socket(fileno=os.dup(fd))\n"
        "    except OSError: continue\n"
        f"    try: end.connect({unix_server!r})\n"
        "    except PermissionError: pass\n"
        "    else: raise AssertionError(fd)"
    )
    assert tried == DONE


async def test_it_cannot_read_what_other_processes_hold(
    taken: TakenOver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAILBOT_IMAP_PASSWORD", "secret")
    await taken.is_denied(
        "import os; open(f'/proc/{os.getppid()}/environ').read()",
        "import os; open(f'/proc/{os.getppid()}/mem', 'rb').read(1)",
        "import os; os.listdir(f'/proc/{os.getppid()}/fd')",
        "import os; os.readlink(f'/proc/{os.getppid()}/cwd'); os.listdir(f'/proc/{os.getppid()}/cwd')",
        "import os; os.kill(os.getppid(), 0)",
        "import os; os.pidfd_open(os.getppid())",
    )
    ptrace = "import ctypes, os; assert ctypes.CDLL(None).ptrace(16, os.getppid(), 0, 0) == 0"
    assert await taken.tries(ptrace) == [("AssertionError", "")]


async def test_it_reads_no_file_that_is_none_of_its_business(taken: TakenOver, secret: Path) -> None:
    root = "/proc/self/root"
    await taken.is_denied(
        f"open({str(secret)!r}).read()",
        f"open({root + str(secret)!r}).read()",
        f"import os; os.listdir({str(taken.folder)!r})",
        "open('/etc/passwd').read()",
        "import os; os.listdir('/proc')",
        "import os; os.listdir('/tmp')",
    )
    assert await taken.tries(f"assert open({str(taken.blob)!r}).read() == 'weights'") == [DONE]


async def test_it_writes_no_file(taken: TakenOver, secret: Path) -> None:
    cache = taken.folder / "cache"
    await taken.is_denied(
        f"open({str(cache / 'new')!r}, 'w')",
        f"open({str(taken.blob)!r}, 'r+')",
        f"import os; os.unlink({str(taken.blob)!r})",
        f"import os; os.rename({str(taken.blob)!r}, {str(cache / 'other')!r})",
        f"import os; os.utime({str(taken.blob)!r})",
        f"import os; os.truncate({str(taken.blob)!r}, 0)",
        f"import os; os.mkdir({str(cache / 'folder')!r})",
        f"import os; os.symlink({str(secret)!r}, {str(cache / 'link')!r})",
        "open('/tmp/by-a-photo', 'w')",
        "open('/dev/shm/by-a-photo', 'w')",
        "open('/proc/self/oom_score_adj', 'w')",
        "import os; os.memfd_create('x')",
    )
    assert taken.blob.read_text() == "weights"
    assert [path.name for path in cache.iterdir()] == [taken.blob.name]


async def test_it_starts_no_program(taken: TakenOver) -> None:
    attempts = [
        "import os; os.execv('/bin/true', ['true'])",
        "import os; os.fork()",
        "import os; os.posix_spawn('/bin/true', ['true'], {})",
        "import subprocess; subprocess.run(['/bin/true'])",
        "import os; os.setsid()",
    ]
    for kind, words in await taken.tries(*attempts):
        assert (kind, str(words)[: len(NOT_PERMITTED[1])]) == NOT_PERMITTED


async def test_it_types_nothing_into_the_terminal(taken: TakenOver) -> None:
    """From which the balancer may have been started, and to which a runner writes its log."""
    with_terminal = "import fcntl, os; fcntl.ioctl(2, 0x5412, b'x')"
    assert await taken.tries(with_terminal) == [NOT_PERMITTED]


async def test_it_can_lift_no_limit(taken: TakenOver) -> None:
    tried = await taken.tries(
        "import resource; assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)",
        "import resource; assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] <= 1024",
        "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))",
        "assert open('/proc/self/oom_score_adj').read() == '500\\n'",
    )
    assert [kind for kind, _ in tried] == ["done", "done", tried[2][0], "done"]
    assert tried[2][0] in ("PermissionError", "ValueError")


@asynccontextmanager
async def painting_for_real(registry: FakeRegistry, folder: Path) -> AsyncIterator[int]:
    """The id of a runner process with the real engine that has painted a photo."""
    style = registry.publish_file("mosaic", make_shipped(folder, "mosaic").weights)
    async with running(registry, folder, module="runner.process.main") as fleet:
        (painted,) = await paint(fleet, style.digest, jpeg())
        assert isinstance(painted, PaintedPhoto)
        yield pid_of(fleet)


def descriptors(pid: int) -> list[str]:
    """What a process has open besides its input, output and errors."""
    files = Path(f"/proc/{pid}/fd").iterdir()
    return [str(file.readlink()) for file in files if int(file.name) > 2]


def threads(pid: int) -> list[str]:
    return [task.joinpath("status").read_text() for task in Path(f"/proc/{pid}/task").iterdir()]


async def test_it_holds_for_every_thread_of_the_real_engine(registry: FakeRegistry, tmp_path: Path) -> None:
    async with painting_for_real(registry, tmp_path) as pid:
        found = await asyncio.to_thread(threads, pid)
    assert len(found) > 2
    assert [status for status in found if "\nSeccomp:\t2\n" not in status] == []


@ON_GPU
async def test_the_real_engine_paints_on_a_gpu(registry: FakeRegistry, tmp_path: Path) -> None:
    """CUDA needs more than a CPU's engine, which nobody has tried yet (docs/gpu.md)."""
    style = registry.publish_file("mosaic", make_shipped(tmp_path, "mosaic").weights)
    real = "runner.process.main"
    async with running(registry, tmp_path, module=real, device="cuda:0") as fleet:
        (painted,) = await fleet.run(fleet.runners()[0].name, [a_task(style.digest, jpeg())])
    assert isinstance(painted, PaintedPhoto)


async def test_it_has_one_connection_and_a_pair_of_sockets_to_wake_itself(
    registry: FakeRegistry, tmp_path: Path
) -> None:
    """Those are made before its sandbox; no file of the balancer's is left open in it."""
    async with painting_for_real(registry, tmp_path) as pid:
        opened = await asyncio.to_thread(descriptors, pid)
    assert sum(link.startswith("socket:") for link in opened) == 3
    assert [link for link in opened if link.startswith("/") and not link.startswith("/proc/")] == []


async def test_it_says_what_holds(
    registry: FakeRegistry, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    async with running(registry, tmp_path):
        pass
    said = capfd.readouterr().err
    assert "photos are decoded with these protections: limits, landlock: files" in said
    missing = landlock.abi_version() < landlock.SCOPE_VERSION
    assert ("this system has no landlock: signals: seccomp alone" in said) == missing


def test_this_process_can_do_what_a_runner_cannot(unix_server: str, secret: Path) -> None:
    """Else the attempts above would prove nothing."""
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(unix_server)
    assert secret.read_text() == "password"
    assert Path(f"/proc/{os.getpid()}/environ").read_bytes()
    assert subprocess.run(["/bin/true"], check=False).returncode == 0
