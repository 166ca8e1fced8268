"""Connections to a real SMTP server: logins and encryption."""

from __future__ import annotations

import ssl
from pathlib import Path

import aiosmtplib
import pytest
from aiosmtplib import protocol
from hypothesis import given
from hypothesis import strategies as st

from mailbot.config import Smtp
from mailbot.oauth.login_file import NoToken
from mailbot.transport import smtp
from mailbot.transport.credentials import Credentials, OAuthToken, Password
from mailbot.transport.tls import Untrusted
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.mailbot.servers.tokens import Authority, token

PASSWORD = Password("secret")


def settings(sink: Sink, **changes: object) -> Smtp:
    place = {"host": sink.host, "port": sink.port, "tls": "none", "username": "bot"}
    return Smtp.model_validate(place | changes)


async def connect(settings: Smtp, credentials: Credentials = PASSWORD) -> None:
    client = await smtp.connect(settings, credentials, 5)
    await client.quit()


def server_context(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    return context


async def test_a_password_logs_in(sink: Sink) -> None:
    await connect(settings(sink))
    assert sink.logins == [(b"bot", b"secret")]


async def test_without_a_username_nobody_logs_in(sink: Sink) -> None:
    await connect(settings(sink, username=""))
    assert not sink.logins


async def test_a_token_logs_in(sink: Sink) -> None:
    await connect(settings(sink), OAuthToken(Authority(token("bot"))))
    assert not sink.logins
    assert len(sink.tokens) == 1


async def test_a_token_that_is_refused_is_asked_for_once_more(sink: Sink) -> None:
    authority = Authority(token("bot", -60), token("bot"))
    await connect(settings(sink), OAuthToken(authority))
    assert authority.asked == 2


async def test_a_void_token_is_an_error(sink: Sink) -> None:
    with pytest.raises(aiosmtplib.SMTPAuthenticationError, match="535"):
        await connect(settings(sink), OAuthToken(Authority("void-1", "void-2")))
    with pytest.raises(NoToken, match="no newer one"):
        await connect(settings(sink), OAuthToken(Authority("void")))


async def test_a_server_that_hides_starttls_is_sent_nothing(sink: Sink) -> None:
    with pytest.raises(aiosmtplib.SMTPException, match="STARTTLS"):
        await connect(settings(sink, tls="starttls"))
    assert not sink.logins


@pytest.mark.parametrize("how", ["starttls", "tls"])
async def test_a_private_authority_is_named_by_ca_file(certificate: tuple[Path, Path], how: str) -> None:
    given = {how: server_context(certificate)}
    async with Sink(**given) as sink:
        with pytest.raises(Untrusted, match=r"name the file of its authority in \[mail.smtp\] ca_file"):
            await connect(settings(sink, tls=how))
        assert not sink.logins
        await connect(settings(sink, tls=how, ca_file=certificate[0]))
        assert len(sink.logins) == 1


@pytest.mark.parametrize("how", ["starttls", "tls"])
async def test_a_certificate_for_another_name_is_refused(certificate: tuple[Path, Path], how: str) -> None:
    given = {how: server_context(certificate)}  # for 127.0.0.1
    async with Sink(**given) as sink:
        with pytest.raises(Untrusted, match=r"not valid for 'localhost'.* \[mail.smtp\] host"):
            await connect(settings(sink, tls=how, host="localhost", ca_file=certificate[0]))
        assert not sink.logins


@given(st.lists(st.sampled_from([b"\r", b"\n", b"\r\n", b".", b"..", b"a"])).map(b"".join))
def test_a_mail_goes_over_the_line_as_the_library_writes_it(message: bytes) -> None:
    lines = protocol.normalize_message_line_endings(message)
    assert smtp.on_the_wire(message) == protocol.PERIOD_REGEX.sub(b"..", lines) + b".\r\n"
