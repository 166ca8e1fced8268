from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from registry.app import running
from registry.cli.main import app
from registry.config import RegistryConfigFile

#: The commands that need no argument.
ALONE = ("serve", "list", "audit", "gc")
NAMED = ("promote", "unalias", "rollback", "retire", "hand-over", "history", "push")
COMMANDS = [[command] for command in ALONE + NAMED] + [["token", act] for act in ("add", "list", "revoke")]


def registry(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "registry", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def in_this_process(*arguments: str | Path) -> Result:
    """The command without a process of its own, which imports for most of a second."""
    return CliRunner().invoke(app, [*map(str, arguments)])


@pytest.fixture
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def test_help_tells_the_commands() -> None:
    shown = registry("--help")
    assert shown.returncode == 0
    told = {line.split()[0] for line in shown.stdout.splitlines() if line.startswith("  ")}
    assert told >= {*ALONE, "promote", "rollback", "retire", "history", "audit", "gc", "push", "token"}


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_takes_a_config_and_explains_itself(command: list[str]) -> None:
    shown = CliRunner().invoke(app, [*command, "--help"], env={"COLUMNS": "120", "TERM": "dumb"})
    assert shown.exit_code == 0
    assert "--config" in shown.output


def test_help_names_the_table_of_the_config() -> None:
    assert "[registry]" in CliRunner().invoke(app, ["serve", "--help"]).output


@pytest.mark.parametrize("command", ALONE)
def test_a_missing_config_is_one_line_and_status_2(tmp_path: Path, command: str) -> None:
    shown = in_this_process(command, "--config", tmp_path / "none.toml")
    assert shown.exit_code == 2
    assert len(shown.stderr.splitlines()) == 1
    assert "none.toml" in shown.stderr


def test_a_registry_that_does_not_run_is_one_line_and_status_1(tmp_path: Path, free_port: int) -> None:
    file = tmp_path / "config.toml"
    file.write_text(f"[registry]\nport = {free_port}\n")
    shown = in_this_process("list", "--config", file)
    assert shown.exit_code == 1
    assert len(shown.stderr.splitlines()) == 1


def test_a_port_that_is_taken_is_one_line_and_status_1(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        file.write_text(f'[registry]\nport = {taken.getsockname()[1]}\ndata = "data"\n')
        shown = registry("serve", "--config", file)
    assert shown.returncode == 1
    assert "Traceback" not in shown.stderr
    assert "in use" in shown.stderr


async def test_list_shows_what_the_registry_has(
    config: RegistryConfigFile, builtin: Path, tmp_path: Path
) -> None:
    async with running(config, builtin) as url:
        file = tmp_path / "config.toml"
        file.write_text(f"[registry]\nport = {url.rpartition(':')[2]}\n")
        shown = await asyncio.to_thread(in_this_process, "list", "--config", file)
    assert shown.exit_code == 0, shown.stderr
    for text in ("great-wave", "Starry-Night", "live 1", "3 styles"):
        assert text in shown.stdout
