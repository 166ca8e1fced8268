"""`mailbot doctor` where answers go by Microsoft Graph."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from mailbot.config import Mail
from mailbot.doctor import graph
from mailbot.doctor.check_runner import CheckState


@pytest.fixture
async def port(certificate: tuple[Path, Path]) -> AsyncIterator[int]:
    """Of a server that speaks TLS."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    runner = web.AppRunner(web.Application())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
    yield int(runner.addresses[0][1])
    await runner.cleanup()


def mail_of(folder: Path, port: int, **smtp: str) -> Mail:
    place = {"transport": "graph", "host": "127.0.0.1", "port": port}
    imap = {"host": "imap.example.org", "auth": "xoauth2"}
    return Mail.model_validate({"ledger": folder / "ledger.db", "imap": imap, "smtp": place | smtp})


async def test_all_is_well(tmp_path: Path, port: int, certificate: tuple[Path, Path]) -> None:
    mail = mail_of(tmp_path, port, token_command="echo token", ca_file=str(certificate[0]))
    found = {each.name: each for each in await graph.examine(mail, {})}
    assert {name: each.state for name, each in found.items()} == dict.fromkeys(
        ("name", "secret", "connection"), CheckState.WELL
    )
    assert "speaks TLS 1.3" in found["connection"].words


async def test_nobody_has_logged_in_and_the_certificate_is_not_trusted(tmp_path: Path, port: int) -> None:
    found = {each.name: each for each in await graph.examine(mail_of(tmp_path, port), {})}
    assert found["secret"].state is found["connection"].state is CheckState.FAILED
    assert "run `mailbot login" in found["secret"].remedy
    assert "ca_file" in found["connection"].remedy
