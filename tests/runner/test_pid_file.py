"""Whose number a balancer's file says, and when it says none."""

from __future__ import annotations

import fcntl
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from runner.config import BalancerConfig, RunnerConfig, RunnerConfigFile
from runner.pid_file import holder, path_of, send_signal, written


def test_it_says_who_holds_it(tmp_path: Path) -> None:
    file = tmp_path / "not" / "there" / "balancer.pid"
    assert holder(file) is None
    with written(file):
        assert holder(file) == os.getpid()
        assert holder(file) == os.getpid()  # asking takes nothing from it
    assert file.exists()
    assert holder(file) is None


def test_one_that_was_killed_holds_it_no_more(tmp_path: Path) -> None:
    file = tmp_path / "balancer.pid"
    program = (
        "import sys, time; from pathlib import Path; from runner.pid_file import written\n"
        "with written(Path(sys.argv[1])): print(flush=True); time.sleep(60)"
    )
    process = subprocess.Popen([sys.executable, "-c", program, str(file)], stdout=subprocess.PIPE)
    assert process.stdout
    process.stdout.readline()
    assert holder(file) == process.pid
    process.kill()
    process.communicate()
    assert file.read_text() == f"{process.pid}\n"
    assert holder(file) is None


def test_a_second_one_is_refused(tmp_path: Path) -> None:
    with written(tmp_path / "b.pid"):
        with pytest.raises(BlockingIOError, match="Another balancer"), written(tmp_path / "b.pid"):
            pass
        assert holder(tmp_path / "b.pid") == os.getpid()


def test_who_asks_whose_it_is_stops_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "b.pid"
    file.touch()
    asking = file.open()
    fcntl.flock(asking, fcntl.LOCK_SH)
    monkeypatch.setattr("runner.pid_file.time.sleep", lambda _: asking.close())
    with written(file):
        assert holder(file) == os.getpid()


def test_only_its_user_may_open_it(tmp_path: Path) -> None:
    with written(tmp_path / "b.pid"):
        assert stat.S_IMODE((tmp_path / "b.pid").stat().st_mode) == 0o600


def test_a_signal_reaches_who_has_it_and_nobody_else(tmp_path: Path) -> None:
    file = tmp_path / "b.pid"
    assert not send_signal(file, signal.SIGTERM)
    program = (
        "import sys, time; from pathlib import Path; from runner.pid_file import written\n"
        "with written(Path(sys.argv[1])): print(flush=True); time.sleep(60)"
    )
    process = subprocess.Popen([sys.executable, "-c", program, str(file)], stdout=subprocess.PIPE)
    assert process.stdout
    process.stdout.readline()
    assert send_signal(file, signal.SIGTERM)
    process.communicate()
    assert process.returncode == -signal.SIGTERM
    file.write_text(f"{os.getpid()}\n")
    assert not send_signal(file, signal.SIGTERM)  # it would be the end of these tests


def test_balancers_at_other_ports_have_others(tmp_path: Path) -> None:
    runner = RunnerConfig(cache=tmp_path)
    files = {path_of(RunnerConfigFile(runner=runner, balancer=BalancerConfig(port=port))) for port in (1, 2)}
    assert len(files) == 2
    assert {file.parent for file in files} == {tmp_path}
