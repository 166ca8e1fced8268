"""Passwords from the environment, tokens from a command or a file."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import pytest

from mailbot.config import Imap, Mail
from mailbot.oauth.login_file import NoToken
from mailbot.transport import credentials as credentials_module
from mailbot.transport.credentials import (
    KEEP_SECONDS,
    OAuthToken,
    Password,
    to_read,
    to_send,
    token_source,
)
from styles.service.config import ConfigError

PASSWORDS = {"MAILBOT_IMAP_PASSWORD": "i", "MAILBOT_SMTP_PASSWORD": "s"}


def real(**imap: str) -> Mail:
    """A mailbox on another machine."""
    smtp = {"host": "smtp.example.org", "username": "bot"}
    return Mail.model_validate({"imap": {"host": "imap.example.org", **imap}, "smtp": smtp})


def test_passwords_come_from_the_environment() -> None:
    assert to_read(real(), PASSWORDS) == Password("i")
    assert to_send(real(), PASSWORDS) == Password("s")


@pytest.mark.parametrize("needed", [to_read, to_send])
def test_a_missing_password_is_named(needed: Callable[..., object]) -> None:
    with pytest.raises(ConfigError, match=r"MAILBOT_(IMAP|SMTP)_PASSWORD is not set"):
        needed(real(), {})


def test_a_line_break_in_a_password_is_told_of_and_the_password_is_not() -> None:
    with pytest.raises(ConfigError, match="holds a line break") as error:
        to_read(real(), {"MAILBOT_IMAP_PASSWORD": "secret\n"})
    assert "secret" not in str(error.value)


def test_one_password_is_enough_for_a_provider() -> None:
    mail = Mail.model_validate({"provider": "gmail", "address": "bot@gmail.com"})
    assert to_send(mail, {"MAILBOT_IMAP_PASSWORD": "i"}) == Password("i")
    assert to_send(mail, PASSWORDS) == Password("s")


def test_the_embedded_server_has_the_password_of_the_file() -> None:
    mail = Mail.model_validate({"local": {"password": "open"}})
    assert (to_read(mail, {}), to_send(mail, {})) == (Password("open"), Password(""))


def test_a_password_is_not_shown() -> None:
    assert "secret" not in repr(Password("secret"))


def test_with_tokens_no_password_is_needed() -> None:
    mail = real(auth="xoauth2", token_command="get-token")
    assert isinstance(to_read(mail, {}), OAuthToken)
    assert isinstance(to_send(mail, {}), OAuthToken)


class Counter:
    """A source that gives token1, token2, …"""

    def __init__(self) -> None:
        self.asked = 0

    async def __call__(self, refused: str) -> str:
        await asyncio.sleep(0)  # let others ask meanwhile
        self.asked += 1
        return f"token{self.asked}"


async def test_a_token_is_kept_for_a_minute() -> None:
    now = 1000.0
    token = OAuthToken(Counter(), lambda: now)
    assert await token.get() == "token1"
    now += KEEP_SECONDS - 1
    assert await token.get() == "token1"
    now += 1
    assert await token.get() == "token2"


async def test_a_refused_token_is_asked_for_anew_by_all_who_held_it_once() -> None:
    source = Counter()
    token = OAuthToken(source, lambda: 0.0)
    held = await token.get()
    assert await asyncio.gather(*(token.get(refused=held) for _ in range(4))) == ["token2"] * 4
    assert source.asked == 2


async def test_the_same_token_again_is_no_newer_one() -> None:
    async def same(_refused: str) -> str:
        return "the-token"

    token = OAuthToken(same)
    with pytest.raises(NoToken, match="no newer one") as error:
        await token.get(refused=await token.get())
    assert "the-token" not in str(error.value)


def source(**settings: object) -> Callable[[], Awaitable[str]]:
    return partial(token_source(Mail(), Imap.model_validate(settings)), "")


@pytest.mark.parametrize("needed", [to_read, to_send])
def test_without_a_login_the_command_for_one_is_named(needed: Callable[..., object], tmp_path: Path) -> None:
    mail = Mail.model_validate(
        {"provider": "outlook", "address": "bot@outlook.com", "ledger": tmp_path / "l.db"}
    )
    with pytest.raises(ConfigError, match="run `mailbot login outlook`"):
        needed(mail, {})


def python(code: str) -> str:
    """A command, as config.toml would hold it."""
    return f'{sys.executable} -c "{code}"'


async def test_a_command_tells_the_token_in_its_first_line() -> None:
    command = python("print('ya29.abc'); print('expires in 3599')")
    assert await source(token_command=command)() == "ya29.abc"


async def test_a_command_is_not_run_by_a_shell(tmp_path: Path) -> None:
    with pytest.raises(NoToken, match="no token"):
        await source(token_command=f"echo $(touch {tmp_path}/made)")()
    assert not await asyncio.to_thread((tmp_path / "made").exists)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import sys; print('secret', file=sys.stderr); sys.exit(3)", "ended with code 3"),
        ("pass", "gives no token"),
        ("print('\\x1b[31mred')", "is no token"),
    ],
)
async def test_a_command_that_fails_is_told_of_without_its_words(code: str, reason: str) -> None:
    with pytest.raises(NoToken, match=reason) as error:
        await source(token_command=python(code))()
    assert "secret" not in str(error.value)


async def test_a_command_that_is_not_there() -> None:
    with pytest.raises(NoToken, match="cannot be started: No such file"):
        await source(token_command="no-such-command-here")()


async def test_a_command_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(credentials_module, "COMMAND_SECONDS", 0.3)
    with pytest.raises(NoToken, match="takes more than"):
        await source(token_command="sleep 600")()


async def test_a_file_is_read_anew_each_time(tmp_path: Path) -> None:
    file = tmp_path / "token"
    ask = source(token_file=file)
    with pytest.raises(NoToken, match="cannot be read"):
        await ask()
    file.write_text("first\nsecond line\n")
    assert await ask() == "first"
    file.write_text("later\n")
    assert await ask() == "later"
