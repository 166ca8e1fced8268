"""The sandbox from within: each test shuts a process in and has it try what it must not be able to do."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest

from styles.sandbox import landlock, readable_files, sandbox, seccomp
from styles.sandbox.sandbox import Limits

ROOT = Path(__file__).parent.parent.parent.parent
#: Python alone takes 20 MB.
LIMITS = Limits(memory=200_000_000, cpu_seconds=20, file_bytes=1_000_000, open_files=40)

#: Called by its number, since libc tells another reason than the kernel.
MQ_UNLINK = 181 if os.uname().machine == "aarch64" else 241

FENCED = bool(landlock.abi_version()) and sys.platform == "linux"
needs_landlock = pytest.mark.skipif(not FENCED, reason="this kernel has no landlock")

PROGRAM = """
import ctypes, errno, json, os, resource, signal, socket, subprocess, sys, threading
from pathlib import Path
from styles.sandbox.sandbox import Limits, apply
room, out, secret = (Path(word) for word in sys.argv[1:4])
libc = ctypes.CDLL(None, use_errno=True)
def call(name, *arguments):
    if getattr(libc, name)(*arguments) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
held = apply([room], Limits(**json.loads(sys.argv[4])), writable=[out])
def attempt():
{attempt}
try:
    print(json.dumps(["done", attempt()]))
except Exception as error:
    print(json.dumps([type(error).__name__, str(error)]))
"""


class Cell:
    """Folders for one process, and one file that is none of its business."""

    def __init__(self, folder: Path) -> None:
        self.room, self.out = folder / "room", folder / "room" / "out"
        self.out.mkdir(parents=True)
        self.upload = self.room / "upload"
        self.upload.write_text("weights")
        self.secret = folder / "secret"
        self.secret.write_text("token")

    def run(self, attempt: str, limits: Limits = LIMITS) -> subprocess.CompletedProcess[str]:
        """A process that shuts itself in and then runs the lines of a function."""
        code = PROGRAM.format(attempt=textwrap.indent(textwrap.dedent(attempt), "    "))
        numbers = json.dumps({name: getattr(limits, name) for name in Limits.__slots__})
        words = [str(self.room), str(self.out), str(self.secret), numbers]
        command = [sys.executable, "-c", code, *words]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)

    def tries(self, attempt: str, limits: Limits = LIMITS) -> tuple[str, object]:
        """What came of it: ("done", value), or an error's class and words."""
        done = self.run(attempt, limits)
        assert done.returncode == 0, done.stderr
        kind, what = json.loads(done.stdout)
        return kind, what


@pytest.fixture
def cell(tmp_path: Path) -> Cell:
    return Cell(tmp_path)


def test_it_says_what_holds(cell: Cell) -> None:
    kind, held = cell.tries("return held")
    assert kind == "done"
    assert isinstance(held, list)
    assert held[0] == "limits"
    assert ("landlock: files" in held) == FENCED


@pytest.mark.parametrize(
    "attempt",
    [
        "return (room / 'upload').read_text()",
        "(out / 'kept').write_text('x'); (out / 'kept').replace(out / 'k'); return (out / 'k').read_text()",
        "(out / 'kept').write_text('x'); (out / 'kept').unlink(); return os.listdir(out)",
        "return Path('/proc/self/status').read_text()[:5]",
        "t = threading.Thread(target=print); t.start(); return t.join()",
        "return os.kill(os.getpid(), 0)",
        "import numpy; return float(numpy.ones(3).sum())",
        "return len(os.urandom(4))",
        "import fontpkg; return len(fontpkg.path('Noto Sans').read_bytes())",
        "return len([os.listdir(f) for f in ('/usr/share/fonts',) if os.path.exists(f)])",
    ],
)
def test_what_a_trial_does(cell: Cell, attempt: str) -> None:
    kind, what = cell.tries(attempt)
    assert kind == "done", what


@needs_landlock
@pytest.mark.parametrize(
    "attempt",
    [
        "return secret.read_text()",
        "return Path('/etc/passwd').read_text()",
        "return os.listdir('/')",
        "return Path(f'/proc/{os.getppid()}/environ').read_bytes()",
        "secret.write_text('x')",
        "(room / 'more').write_text('x')",
        "(room / 'upload').write_text('x')",
        "(room / 'upload').unlink()",
        "os.truncate(secret, 0)",
        "secret.unlink()",
        "secret.replace(out / 'kept')",
        "os.link(secret, out / 'kept'); return (out / 'kept').read_text()",
        "os.symlink(secret, out / 'kept')",
        "os.mkdir(out / 'folder')",
        "os.mkfifo(out / 'pipe')",
    ],
)
def test_files_that_are_none_of_its_business(cell: Cell, attempt: str) -> None:
    kind, what = cell.tries(attempt)
    # A link between folders fails as one between disks does.
    assert kind == "PermissionError" or "cross-device" in str(what), what
    assert cell.secret.read_text() == "token"
    assert cell.upload.read_text() == "weights"
    assert not list(cell.out.iterdir())


@pytest.mark.parametrize(
    "attempt",
    [
        "socket.socket(socket.AF_INET)",
        "socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)",
        "socket.socket(socket.AF_UNIX)",
        "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
        "socket.socketpair()",
        "os.execv('/bin/true', ['true'])",
        "subprocess.run(['/bin/true'])",
        "os.posix_spawn('/bin/true', ['true'], {})",
        "os.fork()",
        "os.kill(os.getppid(), 0)",
        "os.kill(os.getppid(), signal.SIGTERM)",
        "os.killpg(os.getpgid(os.getppid()), 0)",
        "os.setsid()",
        "os.setpgid(0, 0)",
        "os.nice(-5)",
        "os.pidfd_open(os.getppid())",
        "call('ptrace', 16, os.getppid(), 0, 0)",
        "call('process_vm_readv', os.getppid(), 0, 0, 0, 0, 0)",
        "os.sched_setaffinity(os.getppid(), {0})",
        "resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE)",
        "os.memfd_create('x')",
        "call('shmget', 0, 4096, 0o1600)",
        "call('shmctl', -1, 2, None)",
        "call('semctl', -1, 0, 12)",
        "call('semop', -1, None, 0)",
        "call('semtimedop', -1, None, 0, None)",
        "call('msgsnd', -1, None, 0, 0)",
        "call('msgrcv', -1, None, 0, 0, 0)",
        "call('msgctl', -1, 2, None)",
        f"call('syscall', {MQ_UNLINK}, b'nobody-has-this')",
        "call('inotify_init')",
        "call('inotify_init1', 0)",
        "call('inotify_add_watch', -1, bytes(room), 2)",
        "call('unshare', 0x10000000)",
        "call('mount', b'none', bytes(str(out), 'utf-8'), b'tmpfs', 0, None)",
        "call('syscall', 425, 1, None)",
        "call('prctl', 1, 0, 0, 0, 0)",
        "os.chown(room / 'upload', 1, 1)",
        "os.utime(room / 'upload', (0, 0))",
        "os.setxattr(room / 'upload', 'user.x', b'x')",
        "(out / 'own').write_text('x'); os.truncate(out / 'own', 0)",
        "(out / 'own').write_text('x'); os.open(out / 'own', os.O_RDONLY | os.O_TRUNC)",
        "import fcntl; fcntl.fcntl(0, fcntl.F_SETOWN, os.getppid())",
        "import fcntl; fcntl.fcntl(0, fcntl.F_SETSIG, signal.SIGKILL)",
        "import fcntl; fcntl.fcntl(os.open(room / 'upload', 0), fcntl.F_SETLEASE, fcntl.F_RDLCK)",
        "import fcntl; fcntl.fcntl(os.open(room, 0), fcntl.F_NOTIFY, fcntl.DN_ACCESS)",
        "import fcntl; fcntl.ioctl(0, 0x8901, os.getppid().to_bytes(4, sys.byteorder))",
        "import fcntl; fcntl.ioctl(0, 0x8902, os.getppid().to_bytes(4, sys.byteorder))",
    ],
)
def test_other_processes_the_network_and_the_machine(cell: Cell, attempt: str) -> None:
    kind, what = cell.tries(attempt)
    assert (kind, "Operation not permitted" in str(what)) == ("PermissionError", True), what


def test_a_fork_bomb_is_one_process(cell: Cell) -> None:
    kind, what = cell.tries(
        """
        failed = 0
        for _ in range(100):
            try:
                os.fork()
            except PermissionError:
                failed += 1
        return failed
        """
    )
    assert (kind, what) == ("done", 100)


def test_modes_of_files_stay_as_they_are(cell: Cell) -> None:
    cell.secret.chmod(0o600)
    assert cell.tries("os.chmod(secret, 0o777)") == ("done", None)
    assert cell.secret.stat().st_mode & 0o777 == 0o600


def test_it_holds_for_threads_that_are_started_later(cell: Cell) -> None:
    kind, what = cell.tries(
        """
        found = []
        def spy():
            try:
                found.append(socket.socket())
            except OSError as error:
                found.append(type(error).__name__)
        t = threading.Thread(target=spy); t.start(); t.join()
        return found
        """
    )
    assert (kind, what) == ("done", ["PermissionError"])


def test_root_has_no_powers_left(cell: Cell) -> None:
    kind, what = cell.tries(
        "return [l for l in open('/proc/self/status') if l.startswith(('CapEff', 'CapPrm'))]"
    )
    assert kind == "done"
    assert isinstance(what, list)
    left = sandbox.READ_ALL if FENCED else 0
    assert not [line for line in what if int(line.split()[1], 16) & ~left]


def test_memory(cell: Cell) -> None:
    kind, _ = cell.tries("return len(bytearray(300_000_000))")
    assert kind == "MemoryError"


def test_it_knows_when_its_memory_is_full(cell: Cell) -> None:
    attempt = (
        "from styles.sandbox.sandbox import is_near_limit; "
        "x = bytearray({0}); return is_near_limit(Limits(memory={1}))"
    )
    assert cell.tries(attempt.format(1_000, LIMITS.memory)) == ("done", False)
    assert cell.tries(attempt.format(int(LIMITS.memory * 0.9), LIMITS.memory)) == ("done", True)


def test_memory_that_is_shared(cell: Cell) -> None:
    kind, what = cell.tries("import mmap; return len(mmap.mmap(-1, 5 << 30))")
    assert (kind, "Cannot allocate memory" in str(what)) == ("OSError", True)


def test_processor_time(cell: Cell) -> None:
    ended = cell.run("while True: pass", replace(LIMITS, cpu_seconds=1))
    assert ended.returncode == -signal.SIGXCPU


def test_processor_time_of_who_does_not_listen(cell: Cell) -> None:
    deaf = "signal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass"
    assert cell.run(deaf, replace(LIMITS, cpu_seconds=1)).returncode == -signal.SIGKILL


def test_a_huge_file(cell: Cell) -> None:
    kind, what = cell.tries("(out / 'kept').write_bytes(bytes(2_000_000))")
    assert (kind, "File too large" in str(what)) == ("OSError", True)
    assert (cell.out / "kept").stat().st_size <= LIMITS.file_bytes


def test_many_files(cell: Cell) -> None:
    kind, what = cell.tries("return [open(room / 'upload') for _ in range(100)]")
    assert (kind, "Too many open files" in str(what)) == ("OSError", True)


@pytest.mark.parametrize("which", ["RLIMIT_AS", "RLIMIT_DATA", "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_NOFILE"])
def test_limits_cannot_be_lifted(cell: Cell, which: str) -> None:
    endless = "(resource.RLIM_INFINITY, resource.RLIM_INFINITY)"
    kind, _ = cell.tries(f"resource.setrlimit(resource.{which}, {endless})")
    assert kind in ("ValueError", "PermissionError")


def test_a_lower_limit_of_the_system_stays(cell: Cell) -> None:
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    kind, what = cell.tries(
        "return resource.getrlimit(resource.RLIMIT_NOFILE)", replace(LIMITS, open_files=2 * hard)
    )
    assert (kind, what) == ("done", [hard, hard])


def test_the_other_architecture_of_the_processor_is_the_end(cell: Cell) -> None:
    """32-bit calls have other numbers, so that a filter by number would let through what it does not mean."""
    if "x86_64" not in os.uname().machine:
        pytest.skip("the instruction is one of x86")
    ended = cell.run(
        """
        import mmap
        page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
        page.write(bytes.fromhex("b814000000" "cd80" "c3"))  # mov eax, 20 (getpid); int 0x80; ret
        address = ctypes.addressof(ctypes.c_char.from_buffer(page))
        return ctypes.CFUNCTYPE(ctypes.c_int)(address)()
        """
    )
    assert ended.returncode in (-signal.SIGSYS, -signal.SIGSEGV)  # the latter: the kernel has none


def test_older_kernels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landlock, "abi_version", lambda: 0)
    assert landlock.restrict([Path("/")], [Path("/")]) == ()
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    assert seccomp.install() == ()


def test_what_this_system_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    held = subprocess.run(
        [sys.executable, "-c", "from styles.sandbox.seccomp import install; print(*install())"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert (held.stdout.strip() == "seccomp") == ("seccomp" not in sandbox.missing())
    monkeypatch.setattr(landlock, "abi_version", lambda: 0)
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    assert sandbox.missing() == ["landlock: files", "seccomp"]


def test_the_project_s_own_folder_is_no_library() -> None:
    """Below it lie the registry's files."""
    libraries = [path.resolve() for path in readable_files.libraries()]
    assert not [path for path in libraries if ROOT.is_relative_to(path)]
    assert [path for path in libraries if Path(json.__file__).resolve().is_relative_to(path)]
    assert [path for path in libraries if Path(pytest.__file__).resolve().is_relative_to(path)]


def test_folders_of_libraries_that_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LD_LIBRARY_PATH", "/opt/one::relative:/opt/two")
    found = [str(path) for path in readable_files.libraries()]
    assert {"/opt/one", "/opt/two"} <= set(found)
    assert not [path for path in found if not path.startswith("/")]


def test_who_is_started_by_another_ends() -> None:
    program = (
        "import os, sys; from styles.service.child_processes import die_with_parent;"
        "die_with_parent(int(sys.argv[1])); print('on')"
    )
    for parent, said in ((os.getpid(), "on\n"), (os.getppid(), "")):
        command = [sys.executable, "-c", program, str(parent)]
        assert subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout == said
