"""Certificates that are not in order, each with what to do; by real handshakes."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
from pathlib import Path

import pytest

from mailbot.config import Imap
from mailbot.transport.imap import Connection
from mailbot.transport.imap_calls import ImapError
from mailbot.transport.tls import advice
from tests.fakes.mailbot.servers.dovecot import Dovecot


def expired(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 of the year 2001, which is its own authority."""
    files = folder / "cert.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
         "-not_before", "20010101000000Z", "-not_after", "20010102000000Z",
         "-out", str(files[0]), "-keyout", str(files[1])],
        check=True, capture_output=True,
    )  # fmt: skip
    return files


async def test_an_expired_certificate_is_told_of(tmp_path: Path) -> None:
    files = await asyncio.to_thread(expired, tmp_path)
    serving = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    serving.load_cert_chain(*files)
    server = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0, ssl=serving)
    async with server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(ssl.SSLCertVerificationError) as error:
            await asyncio.open_connection("127.0.0.1", port, ssl=ssl.create_default_context(cafile=files[0]))
    assert "is not valid now" in advice(error.value, "mail.imap")


async def test_a_certificate_for_another_name_is_told_of(
    dovecot: Dovecot, imap: Imap, certificate: tuple[Path, Path]
) -> None:
    place = {"host": "localhost", "port": dovecot.tls_port, "tls": "tls", "ca_file": certificate[0]}
    with pytest.raises(ImapError, match=r"for another name .*\[mail.imap\] host"):
        async with Connection.open(imap.model_copy(update=place), dovecot.credentials):
            pass


async def test_a_port_without_tls_is_told_of(imap: Imap) -> None:
    with pytest.raises(ImapError, match=r"speaks no TLS at this port"):
        async with Connection.open(imap.model_copy(update={"tls": "tls"}), Dovecot.credentials):
            pass


async def test_a_ca_file_that_is_not_there_is_told_of(imap: Imap, tmp_path: Path) -> None:
    place = {"tls": "tls", "ca_file": tmp_path / "none.pem"}
    with pytest.raises(ImapError, match="ca_file cannot be used"):
        async with Connection.open(imap.model_copy(update=place), Dovecot.credentials):
            pass


def test_other_errors_are_no_concern_of_it() -> None:
    assert advice(ConnectionRefusedError(), "mail.imap") == ""
