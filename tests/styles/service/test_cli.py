"""Commands are called as a person would call them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from styles.service.cli import program


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
