"""Whose number a balancer's file says, and when it says none."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from runner.config import BalancerConfig, Config, RunnerConfig
from runner.pid_file import holder, place, written


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


def test_balancers_at_other_ports_have_others(tmp_path: Path) -> None:
    runner = RunnerConfig(cache=tmp_path)
    files = {place(Config(runner=runner, balancer=BalancerConfig(port=port))) for port in (1, 2)}
    assert len(files) == 2
    assert {file.parent for file in files} == {tmp_path}
