"""Folders by name and by special use: on Dovecot as Courier and old Cyrus are, and in what LIST answers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mailbot.config import Imap
from mailbot.transport.folders import Folders, listed
from mailbot.transport.imap import Connection
from tests.fakes.mailbot.inbox import set_aside, watching
from tests.fakes.mailbot.ledger import numbered
from tests.fakes.mailbot.servers.dovecot import Dovecot, require_dovecot, running_dovecot
from tests.fakes.waiting import until

PREFIXED = """separator = .
  prefix = INBOX.
  mailbox Archiv {
    special_use = "\\\\Archive"
    auto = create
  }
  mailbox "Gelöscht" {
    special_use = "\\\\Trash"
    auto = create
  }"""


@pytest.fixture(scope="module")
def prefixed() -> Iterator[Dovecot]:
    """A server that keeps everything below INBOX, and whose users speak German."""
    require_dovecot()
    with running_dovecot(namespace=PREFIXED) as server:
        yield server


@pytest.fixture
def settings(prefixed: Dovecot, _numbers: Iterator[int]) -> Imap:
    """The mailbox of a user of the test's own."""
    user = prefixed.add_user(f"bot{next(_numbers)}")
    return Imap(host=prefixed.host, port=prefixed.port, tls="none", username=user, idle_seconds=60)


def with_folders(settings: Imap, **folders: str) -> Imap:
    return Imap.model_validate(settings.model_dump() | folders)


async def test_folders_are_made_below_the_prefix(prefixed: Dovecot, settings: Imap) -> None:
    async with Connection.open(settings, prefixed.credentials) as connection:
        assert connection.processed == "INBOX.Processed"
        assert connection.quarantine == "INBOX.Quarantine"
    assert prefixed.maildir(settings.username, "Processed").is_dir()


@pytest.mark.parametrize(
    ("word", "path"),
    [
        ("INBOX.Done", "INBOX.Done"),
        ("Bot/Done", "INBOX.Bot.Done"),
        ("Bearbeitet ä", "INBOX.Bearbeitet &AOQ-"),
        ("\\Archive", "INBOX.Archiv"),
        ("\\archive", "INBOX.Archiv"),
        ("\\Junk", "INBOX.Junk"),  # no folder has this use: one of its name is made
    ],
)
async def test_a_word_of_the_config_is_a_path(
    prefixed: Dovecot, settings: Imap, word: str, path: str
) -> None:
    for _ in range(2):  # made, and then found
        async with Connection.open(
            with_folders(settings, processed=word), prefixed.credentials
        ) as connection:
            assert connection.processed == path


async def test_a_folder_that_another_connection_makes_meanwhile_is_no_error(
    prefixed: Dovecot, settings: Imap, monkeypatch: pytest.MonkeyPatch
) -> None:
    exists = Folders.exists
    looked: set[tuple[int, str]] = set()

    async def too_early(folders: Folders, path: str) -> bool:
        """A look from before the other connection made it, and then the truth."""
        if (id(folders), path) in looked:
            return await exists(folders, path)
        looked.add((id(folders), path))
        return False

    async with Connection.open(settings, prefixed.credentials):
        monkeypatch.setattr(Folders, "exists", too_early)
        async with Connection.open(settings, prefixed.credentials) as second:
            assert second.quarantine == "INBOX.Quarantine"
    assert looked


async def test_mail_is_filed_and_set_aside_by_special_use(prefixed: Dovecot, settings: Imap) -> None:
    user = settings.username
    prefixed.deliver(user, numbered(1))
    async with watching(with_folders(settings, processed="\\Archive", quarantine="Kaputt ß")) as watcher:
        await watcher.wait_for(1)
        await set_aside(watcher.inbox, numbered(2))
        await until(lambda: prefixed.mails(user, "Archiv") == [numbered(1)])
        await until(lambda: len(prefixed.mails(user, "Kaputt &AN8-")) == 1)


async def test_a_special_use_that_the_server_marks(prefixed: Dovecot, settings: Imap) -> None:
    async with Connection.open(settings, prefixed.credentials) as connection:
        assert await connection.folders.special_use("\\Trash") == "INBOX.Gel&APY-scht"
        assert await connection.folders.special_use("\\Junk") is None
        connection._client.protocol.capabilities.discard("LIST-EXTENDED")  # then all folders are asked for
        assert await connection.folders.special_use("\\Trash") == "INBOX.Gel&APY-scht"


async def test_without_a_prefix_a_name_is_the_path(dovecot: Dovecot, imap: Imap) -> None:
    async with Connection.open(imap, dovecot.credentials) as connection:
        assert connection.processed == "Processed"
        assert await connection.folders.find("Processed") == "Processed"
        assert await connection.folders.find("Nowhere") is None
        connection._client.protocol.capabilities.discard("NAMESPACE")  # then the delimiter is LIST's
        folders = Folders(connection._client.protocol, connection._ok)
        await folders.look()
        assert await folders.ensure("In/one") == "In/one"


def test_list_is_read_however_a_name_is_written() -> None:
    lines: list[bytes | bytearray] = [
        rb'(\HasNoChildren \Trash) "/" "[Gmail]/Papierkorb"',
        rb'(\HasNoChildren) "/" INBOX',
        rb'(\NoInferiors) NIL "with \"quotes\" and \\"',
        rb'() "\\" {11}',
        bytearray(b"a literal (x)"),
        b"",
        b"Success",
    ]
    assert [(each.path, each.delimiter) for each in listed(lines)] == [
        ("[Gmail]/Papierkorb", "/"),
        ("INBOX", "/"),
        ('with "quotes" and \\', ""),
        ("a literal (x)", "\\"),
    ]
    assert listed(lines)[0].flags == {"\\hasnochildren", "\\trash"}
