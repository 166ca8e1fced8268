"""Servers for the bot's tests: Dovecot once a session with a user for each test, an SMTP sink, a balancer."""

from __future__ import annotations

import itertools
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from mailbot.config import Imap
from mailbot.oauth.login_file import LoginFile
from mailbot.storage.ledger import Ledger
from tests.fakes.mailbot.servers.dovecot import Dovecot, require_dovecot, running_dovecot
from tests.fakes.mailbot.servers.identity import IdentityProvider
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.mailbot.talk import Talk
from tests.fakes.runner.balancer import FakeBalancer


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that signs itself, and its key."""
    folder = tmp_path_factory.mktemp("certificate")
    files = folder / "cert.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2",
         "-out", str(files[0]), "-keyout", str(files[1])],
        check=True, capture_output=True,
    )  # fmt: skip
    return files


@pytest.fixture(scope="session")
def dovecot(certificate: tuple[Path, Path]) -> Iterator[Dovecot]:
    require_dovecot()
    with running_dovecot(certificate) as server:
        yield server


@pytest.fixture(scope="session")
def _numbers() -> Iterator[int]:
    return itertools.count(1)


@pytest.fixture
def user(dovecot: Dovecot, _numbers: Iterator[int]) -> str:
    """A mailbox of this test's own."""
    return dovecot.add_user(f"bot{next(_numbers)}")


@pytest.fixture
def imap(dovecot: Dovecot, user: str) -> Imap:
    return Imap(host=dovecot.host, port=dovecot.port, tls="none", username=user, idle_seconds=60)


@pytest.fixture
async def ledger(tmp_path: Path) -> AsyncIterator[Ledger]:
    async with Ledger(tmp_path / "ledger" / "ledger.db") as opened:
        yield opened


@pytest.fixture
async def provider(
    certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[IdentityProvider]:
    """An identity provider that the libraries of Google and Microsoft trust."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate[0]))
    async with IdentityProvider((str(certificate[0]), str(certificate[1]))) as opened:
        yield opened


@pytest.fixture
def kept(tmp_path: Path) -> LoginFile:
    """The file of the login of a bot with `ledger.db` in the test's folder."""
    return LoginFile(tmp_path / "ledger.db.login")


@pytest.fixture
async def sink() -> AsyncIterator[Sink]:
    async with Sink() as server:
        yield server


@pytest.fixture
async def balancer() -> AsyncIterator[FakeBalancer]:
    async with FakeBalancer() as server:
        yield server


@pytest.fixture
async def talk(ledger: Ledger, balancer: FakeBalancer, sink: Sink) -> AsyncIterator[Talk]:
    async with Talk(ledger, balancer, sink) as opened:
        yield opened
