"""Commands are called as a person would call them."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from styles.service.command_line import one_line_errors, private_files, program


def test_a_program_is_called_by_the_shortest_name_that_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripts = tmp_path / ".venv" / "bin"
    scripts.mkdir(parents=True)
    (scripts / "mailbot").touch(0o755)
    monkeypatch.setattr(sys, "executable", str(scripts / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert program("mailbot") == str(scripts / "mailbot")
    monkeypatch.chdir(tmp_path)
    assert program("mailbot") == ".venv/bin/mailbot"
    (tmp_path / "mailbot").touch(0o755)  # another installation's
    assert program("mailbot") == ".venv/bin/mailbot"
    (tmp_path / "mailbot").unlink()
    (tmp_path / "mailbot").symlink_to(scripts / "mailbot")  # as pipx links it
    assert program("mailbot") == "mailbot"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (FileNotFoundError(2, "No such file or directory", "/nope"), "/nope: No such file or directory."),
        (OSError(28, "No space left on device"), "No space left on device."),
        (OSError("It is too late."), "It is too late."),
    ],
)
def test_an_error_of_the_system_is_a_sentence(
    capsys: pytest.CaptureFixture[str], error: OSError, said: str
) -> None:
    with pytest.raises(typer.Exit), one_line_errors():
        raise error
    assert capsys.readouterr().err == f"{said}\n"


@pytest.mark.parametrize("command", ["mailbot", "registry", "runner", "styles"])
def test_the_shell_completes_every_command(command: str) -> None:
    environment = os.environ | {f"_{command.upper()}_COMPLETE": "source_bash"}
    script = Path(sys.executable).with_name(command)
    run = subprocess.run([script], env=environment, capture_output=True, text=True, check=True)
    assert f"complete -o default -F _{command}_completion {command}" in run.stdout


def test_files_of_the_block_are_for_this_user_alone(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        with private_files():
            (tmp_path / "in").touch()
        (tmp_path / "after").touch()
    finally:
        os.umask(before)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes == {"in": 0o600, "after": 0o644}
