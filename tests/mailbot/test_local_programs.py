"""What `mailbot up` starts, and which program may know which secret."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest

from mailbot import local_programs
from mailbot.config import MailbotConfigFile
from mailbot.local_programs import programs
from mailbot.supervisor import NotReady
from styles.service import logs

SECRETS = {
    "PATH": "/bin",
    "MAILBOT_IMAP_PASSWORD": "a",
    "MAILBOT_SMTP_PASSWORD": "b",
    "MAILBOT_OAUTH_SECRET": "i",
    "REGISTRY_UPLOAD_TOKEN": "c",
    "PGPASSWORD": "d",
    "AWS_SECRET_ACCESS_KEY": "e",
    "AWS_SESSION_TOKEN": "f",
    "RUNNER_RELAY_SECRET": "g",
    "RAY_AUTH_TOKEN": "h",
    "REGISTRY_BOT_TOKEN": "i",
}


def test_the_mail_server_is_started_only_where_no_mailbox_is_named() -> None:
    local = programs(Path("config.toml"), MailbotConfigFile(), SECRETS)
    assert [p.name for p in local] == ["mail", "registry", "balancer", "bot"]
    real = MailbotConfigFile.model_validate(
        {"mail": {"imap": {"host": "imap.example"}, "smtp": {"host": "smtp.example"}}}
    )
    assert [p.name for p in programs(Path("config.toml"), real, SECRETS)] == ["registry", "balancer", "bot"]


def test_each_program_knows_its_own_secrets_only() -> None:
    known = {
        p.name: {key for key in p.environment if key in SECRETS and key != "PATH"}
        for p in programs(Path("config.toml"), MailbotConfigFile(), SECRETS)
    }
    assert known == {
        "mail": set(),
        "registry": {
            "REGISTRY_UPLOAD_TOKEN",
            "REGISTRY_BOT_TOKEN",
            "PGPASSWORD",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN",
        },
        "balancer": {"RUNNER_RELAY_SECRET", "RAY_AUTH_TOKEN"},
        "bot": {"MAILBOT_IMAP_PASSWORD", "MAILBOT_SMTP_PASSWORD", "REGISTRY_BOT_TOKEN"},
    }


def test_no_program_but_the_bot_gets_a_secret_that_the_bots_code_names() -> None:
    code = "".join(path.read_text() for path in Path(local_programs.__file__).parent.rglob("*.py"))
    given = dict.fromkeys(re.findall(r"\bMAILBOT_[A-Z_]+\b", code), "secret") | {logs.VARIABLE: "json"}
    assert "MAILBOT_IMAP_PASSWORD" in given
    for program in programs(Path("config.toml"), MailbotConfigFile(), given):
        known = {name for name in program.environment if name.startswith("MAILBOT_")} - {logs.VARIABLE}
        allowed = (
            {name for name in given if name.endswith(("_PASSWORD", "_TOKEN"))}
            if program.name == "bot"
            else set()
        )
        assert known == allowed, program.name


async def test_ports_that_stay_taken_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_programs, "PORT_SECONDS", 0.0)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        config = MailbotConfigFile.model_validate({"registry": {"host": "127.0.0.1", "port": port}})
        with pytest.raises(NotReady, match=rf"{port} \(\[registry\]\)"):
            await local_programs.free_ports(config)


def test_no_password_stands_on_a_command_line() -> None:
    config = MailbotConfigFile.model_validate({"mail": {"local": {"password": "tell-nobody"}}})
    for program in programs(Path("config.toml"), config, SECRETS):
        assert not any("tell-nobody" in word for word in program.command)
