"""What `mailbot` prints: words of the config and names of files as they are."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from mailbot import cli
from mailbot.config import MailbotConfigFile
from styles.service import logs


def test_brackets_are_no_markup(monkeypatch: pytest.MonkeyPatch) -> None:
    console = Console(width=200, record=True)
    monkeypatch.setattr(cli, "console", console)
    config = MailbotConfigFile.model_validate({"mail": {"local": {"password": "a[/b]c[red]"}}})
    cli._welcome(Path("[/x] [bold].toml"), config)
    shown = console.export_text()
    assert "the password is “a[/b]c[red]”" in shown
    assert "--config [/x] [bold].toml" in shown


def test_in_json_ready_and_the_lines_of_programs_are_json_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(logs.VARIABLE, "json")
    cli._welcome(Path("config.toml"), MailbotConfigFile())
    own = logs.json_line("bot", "answered mail 12", trace="4bf92f35")
    for line in (own, "{'a': 'dict'}", "a traceback"):
        cli._print("bot", line)
    shown = capsys.readouterr().out.splitlines()
    ready, *rest = map(json.loads, shown)
    assert (ready["process"], ready["message"]) == ("up", "ready")
    assert ready["addresses"]["web mail"] == "http://127.0.0.1:4080/"
    assert ready["addresses"]["styles"] == "http://127.0.0.1:8480/"
    assert "accounts" not in ready["addresses"]
    assert shown[1] == own
    assert [line["message"] for line in rest] == ["answered mail 12", "{'a': 'dict'}", "a traceback"]
    assert {line["process"] for line in rest} == {"bot"}


@pytest.mark.parametrize("module", ["mailbot", "registry", "runner", "mailbot.local_mail"])
def test_an_error_of_the_config_is_logged_as_json_where_that_is_wanted(module: str, tmp_path: Path) -> None:
    wrong = {"mailbot": "mail", "mailbot.local_mail": "mail"}.get(module, module)
    (tmp_path / "config.toml").write_text(f'[logs]\nformat = "json"\n[{wrong}]\ncolour = "red"\n')
    command = [sys.executable, "-m", module, *(["serve"] if "." not in module else [])]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 2
    (line,) = run.stderr.splitlines()
    assert "no key called colour" in json.loads(line)["message"]
    assert json.loads(line)["level"] == "ERROR"
