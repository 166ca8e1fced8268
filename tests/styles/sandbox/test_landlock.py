"""Landlock as every version of the kernel's interface has it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from styles.sandbox import landlock

ROOT = Path(__file__).parent.parent.parent.parent
NEWEST = landlock.abi_version()
pytestmark = pytest.mark.skipif(not NEWEST, reason="this kernel has no landlock")

PROGRAM = """
import json, os, socket, sys
from pathlib import Path
from styles.sandbox import landlock
version, room, out, secret = int(sys.argv[1]), *map(Path, sys.argv[2:5])
landlock.abi_version = lambda: version
unfound = [room / path for path in ("missing", "upload/below", "closed/below")]
held = landlock.restrict([room, *unfound], [out, out / "single"])
def tried(attempt):
    try:
        attempt()
    except OSError as error:
        return type(error).__name__
    return "done"
print(json.dumps([held, *map(tried, [
    lambda: (room / "upload").read_text(),
    lambda: (out / "kept").write_text("x"),
    lambda: secret.read_text(),
    lambda: (room / "upload").write_text("x"),
    lambda: os.truncate(secret, 1),
    lambda: socket.create_server(("127.0.0.1", 0)),
    lambda: os.kill(os.getppid(), 0),
])]))
"""


@pytest.mark.parametrize("version", range(1, NEWEST + 1))
def test_each_version_holds_what_it_can(tmp_path: Path, version: int) -> None:
    room, secret = tmp_path / "room", tmp_path / "secret"
    (room / "out").mkdir(parents=True)
    (room / "upload").write_text("weights")
    secret.write_text("token")
    (room / "closed").mkdir(mode=0)  # root may search it
    words = [str(version), str(room), str(room / "out"), str(secret)]
    command = [sys.executable, "-c", PROGRAM, *words]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    held, *tried = json.loads(said)
    no = "PermissionError"
    assert tried == [
        "done",
        "done",
        no,
        no,
        no if version >= 3 else "done",
        no if version >= 4 else "done",
        no if version >= 6 else "done",
    ]
    assert held == ["landlock: files", "landlock: tcp", "landlock: signals"][: len(held)]
    assert len(held) == 1 + (version >= 4) + (version >= 6)


OPERATING = """
import os, sys, threading
from pathlib import Path
from styles.sandbox import landlock
landlock.restrict([], operable=[Path("/proc/self/task"), Path("/dev/zero")])
thread = f"/proc/{os.getpid()}/task/{threading.get_native_id()}"
open(sys.argv[1].replace("THREAD", thread), "r+b", buffering=0).write(b"cuda")
"""


@pytest.mark.parametrize(
    ("file", "may"),
    [
        ("THREAD/comm", True),
        ("/dev/zero", True),
        ("/dev/full", False),
        ("/proc/self/oom_score_adj", False),
        ("THREAD/new", False),
    ],
)
def test_devices_and_the_names_of_threads(file: str, may: bool) -> None:
    """As on a GPU; without one, /dev/zero stands for its device."""
    command = [sys.executable, "-c", OPERATING, file]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ran.returncode == 0) == may, ran.stderr
    assert may or "PermissionError" in ran.stderr or "FileNotFoundError" in ran.stderr
