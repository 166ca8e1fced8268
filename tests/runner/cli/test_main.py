"""The commands."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from runner.cli.main import app
from tests.fakes.runner.balancer import FakeBalancer
from tests.fakes.runner.served import Served, serving


def invoke(*words: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, list(words))
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "serve"),
        (("serve",), "SIGTERM"),
        (("status",), "queue"),
        (("top",), "Ctrl-C"),
        (("restart",), "SIGUSR1"),
    ],
)
def test_help(words: tuple[str, ...], said: str) -> None:
    code, out, _ = invoke(*words, "--help")
    assert code == 0
    assert said in out
    assert words == () or "--config" in out


@pytest.mark.parametrize("command", ["serve", "restart", "status", "top"])
def test_a_bad_config_is_one_line_and_exit_2(tmp_path: Path, command: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text("[balancer]\nport = 'x'\n")
    for path in (file, tmp_path / "none.toml"):
        code, out, err = invoke(command, "--config", str(path))
        assert (code, out) == (2, "")
        assert len(err.splitlines()) == 1
        assert str(path) in err


def test_restart_of_nobody(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("[balancer]\nport = 1\n")
    code, _, err = invoke("restart", "--config", str(file))
    assert code == 1
    assert "no balancer with this config runs" in err


@pytest.mark.parametrize("words", [("status",), ("top",), ("top", "--once"), ("top", "--json")])
def test_status_of_nobody(tmp_path: Path, words: tuple[str, ...]) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        file = tmp_path / "config.toml"
        file.write_text(f"[balancer]\nport = {held.getsockname()[1]}\n")
        code, out, err = invoke(*words, "--config", str(file))
    assert (code, out) == (1, "")
    assert "cannot be reached" in err


@pytest.mark.parametrize("words", [("status",), ("top",), ("top", "--once")])
async def test_status_of_a_running_one(served: Served, tmp_path: Path, words: tuple[str, ...]) -> None:
    file = tmp_path / "config.toml"
    file.write_text(f"[balancer]\nport = {served.url.rsplit(':', 1)[1]}\n")
    code, out, _ = await asyncio.to_thread(invoke, *words, "--config", str(file))
    assert code == 0
    assert "nobody waits" in out
    assert "r0" in out
    assert "\x1b" not in out


async def test_status_of_what_is_no_balancer_of_this_version(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    async with FakeBalancer() as older:
        file.write_text(f"[balancer]\nport = {older.port}\n")
        code, out, err = await asyncio.to_thread(invoke, "top", "--once", "--config", str(file))
    assert (code, out) == (1, "")
    assert "another version" in err


async def test_status_for_programs(served: Served, tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(f"[balancer]\nport = {served.url.rsplit(':', 1)[1]}\n")
    code, out, _ = await asyncio.to_thread(invoke, "top", "--json", "--config", str(file))
    assert code == 0
    assert json.loads(out)["runners"][0]["name"] == "r0"


async def test_status_of_several(served: Served, tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    async with serving() as other:
        urls = [served.url, other.url]
        file.write_text(f"[balancer]\nurls = {json.dumps(urls)}\n")
        code, out, _ = await asyncio.to_thread(invoke, "status", "--config", str(file))
        assert (code, out.count("nobody waits")) == (0, 2)
        code, out, _ = await asyncio.to_thread(invoke, "top", "--json", "--config", str(file))
    assert (code, list(json.loads(out))) == (0, urls)
    code, out, err = await asyncio.to_thread(invoke, "status", "--config", str(file))
    assert (code, out.count("nobody waits")) == (1, 1)
    assert urls[1] in err
    assert urls[0] not in err
    code, out, err = await asyncio.to_thread(invoke, "top", "--json", "--config", str(file))
    answers = json.loads(out)
    assert (code, answers[urls[0]]["queued"], answers[urls[1]]) == (1, 0, None)
    assert urls[1] in err
    assert urls[0] not in err


@pytest.mark.parametrize("every", ["0", "-1", "nan", "soon"])
def test_how_often_is_a_number(every: str) -> None:
    assert invoke("top", "--every", every)[0] == 2


def test_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "runner", "--help"], capture_output=True, text=True, check=True
    )
    assert "serve" in done.stdout


def test_no_torch_for_clients_and_balancer() -> None:
    code = (
        "import sys, runner.client, runner.app, runner.cli.main;"
        "print('torch' in sys.modules, 'PIL' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
