"""Logging in to a real Dovecot by password and by token, and what is said when it refuses."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from mailbot.config import Imap
from mailbot.transport.credentials import Credentials, OAuthToken, Password
from mailbot.transport.imap import Connection
from mailbot.transport.imap_calls import ImapError
from tests.fakes.mailbot.servers.dovecot import Dovecot
from tests.fakes.mailbot.servers.echo import Echo
from tests.fakes.mailbot.servers.tokens import Authority, token


@asynccontextmanager
async def log_in(
    settings: Imap, credentials: Credentials, *add: str, remove: str = ""
) -> AsyncIterator[Connection]:
    """A connection that has logged in to a server with other capabilities than it has."""
    connection = Connection(settings, credentials, 10)
    try:
        await connection.greet()
        protocol = connection._client.protocol
        protocol.capabilities = (protocol.capabilities | set(add)) - {remove}
        await connection.log_in()
        yield connection
    finally:
        await connection.drop()


async def test_a_token_logs_in(imap: Imap) -> None:
    async with Connection.open(imap, OAuthToken(Authority(token(imap.username)))) as connection:
        assert await connection.new_uids(0) == []


async def test_a_token_is_told_when_asked_where_the_server_takes_none_at_once(imap: Imap) -> None:
    credentials = OAuthToken(Authority(token(imap.username)))
    async with log_in(imap, credentials, remove="SASL-IR") as connection:
        await connection.open_folders()


@pytest.mark.parametrize("removed", ["", "SASL-IR"])
async def test_a_token_that_is_refused_is_asked_for_once_more(imap: Imap, removed: str) -> None:
    authority = Authority(token(imap.username, -60), token(imap.username))
    async with log_in(imap, OAuthToken(authority), remove=removed) as connection:
        await connection.open_folders()
    assert authority.asked == 2


async def test_a_void_token_is_refused_at_once_and_with_the_reason(imap: Imap) -> None:
    authority = Authority("void-1", "void-2")
    async with asyncio.timeout(5):  # far less than the timeout of 30 s
        with pytest.raises(ImapError, match=r"LOGIN was answered NO .*\(status 401\)") as error:
            async with Connection.open(imap, OAuthToken(authority)):
                pass
    assert authority.asked == 2
    assert "void" not in str(error.value)


async def test_a_void_token_that_does_not_change_is_told_of(imap: Imap) -> None:
    with pytest.raises(ImapError, match="refuses the token, and there is no newer one"):
        async with Connection.open(imap, OAuthToken(Authority("void"))):
            pass


@pytest.mark.parametrize("removed", ["", "SASL-IR"])
async def test_where_login_is_forbidden_plain_is_used(dovecot: Dovecot, imap: Imap, removed: str) -> None:
    async with log_in(imap, Dovecot.credentials, "LOGINDISABLED", remove=removed) as connection:
        await connection.open_folders()
    said = await asyncio.to_thread((dovecot.root / "dovecot.log").read_text)
    lines = [line for line in said.splitlines() if f"user=<{imap.username}>" in line]
    assert "method=PLAIN" in lines[0]


async def test_a_password_that_is_not_ascii_goes_by_plain(imap: Imap) -> None:
    with pytest.raises(ImapError, match="AUTHENTICATIONFAILED"):
        async with Connection.open(imap, Password("gehéim")):
            pass


async def test_no_secret_is_logged(imap: Imap, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="aioimaplib")
    mine = token(imap.username)
    async with Connection.open(imap, OAuthToken(Authority(mine))):
        pass
    async with Connection.open(imap, Dovecot.credentials):
        pass
    assert "AUTHENTICATE" in caplog.text
    assert mine not in caplog.text
    assert "secret" not in caplog.text


SECRET = 'pa"ss\\word-of-the-bot'
PLAIN = "LOGINDISABLED SASL-IR AUTH=PLAIN"


@pytest.mark.parametrize("result", ["BAD", "NO"])
@pytest.mark.parametrize("most", [1000, 28])
@pytest.mark.parametrize(
    ("credentials", "capabilities"),
    [
        (lambda: Password(SECRET), ""),
        (lambda: Password("word-of-the-bot"), ""),
        (lambda: Password(SECRET), PLAIN),
        (lambda: OAuthToken(Authority("ya29.word-of-the-bot", "ya29.another-word")), "SASL-IR"),
    ],
    ids=["quoted", "as it is", "PLAIN", "token"],
)
async def test_a_server_that_repeats_the_line_gives_no_secret_away(
    imap: Imap, credentials: Callable[[], Credentials], capabilities: str, result: str, most: int
) -> None:
    async with Echo(result, capabilities, most) as server:
        settings = imap.model_copy(update={"port": server.port, "username": "b"})
        with pytest.raises(ImapError, match=rf"LOGIN was answered {result} .*what is .*\*\*\*") as error:
            async with Connection.open(settings, credentials()):
                pass
    said = str(error.value)
    for part in ("pa", "word", "ss", "ya29", "AGIAcGE", "dXNlcj1i"):
        assert part not in said.removeprefix(f"LOGIN was answered {result} ")
