"""What `mailbot` prints: words of the config and names of files as they are."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.console import Console

from mailbot import cli
from mailbot.config import MailbotConfigFile


def test_brackets_are_no_markup(monkeypatch: pytest.MonkeyPatch) -> None:
    console = Console(width=200, record=True)
    monkeypatch.setattr(cli, "console", console)
    config = MailbotConfigFile.model_validate({"mail": {"local": {"password": "a[/b]c[red]"}}})
    cli._welcome(Path("[/x] [bold].toml"), config)
    shown = console.export_text()
    assert "the password is “a[/b]c[red]”" in shown
    assert "--config [/x] [bold].toml" in shown
