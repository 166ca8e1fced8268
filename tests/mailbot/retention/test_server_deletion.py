"""Deleting on a real Dovecot what is ours, beside mail that is not."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Iterator

import pytest

from mailbot.config import Imap
from mailbot.retention.server_deletion import ServerDeletion
from mailbot.storage import server_copies
from mailbot.storage.ledger import Ledger
from mailbot.storage.ledger_rows import RawMessage, Reply
from mailbot.transport.imap import Connection
from mailbot.transport.imap_calls import ImapError
from mailbot.transport.imap_protocol import ImapClient
from tests.fakes.mailbot.copies import FOREIGN, LOOKALIKE, lay, polled
from tests.fakes.mailbot.inbox import set_aside
from tests.fakes.mailbot.ledger import numbered
from tests.fakes.mailbot.servers.dovecot import Dovecot, running_dovecot
from tests.fakes.proxy import Proxy
from tests.fakes.waiting import until


@pytest.fixture
def server_deletion(imap: Imap, ledger: Ledger) -> ServerDeletion:
    return ServerDeletion(imap, Dovecot.credentials, ledger)


async def erase(ledger: Ledger, *numbers: int) -> None:
    for number in numbers:
        query = f"UPDATE message SET erased_at = 1, cleared = 0 WHERE id = {number}"
        await ledger.transact(lambda db, query=query: db.execute(query))  # type: ignore[misc]


async def test_what_is_ours_goes_and_what_is_not_stays(
    dovecot: Dovecot, user: str, imap: Imap, ledger: Ledger, server_deletion: ServerDeletion
) -> None:
    await lay(dovecot, user, imap, "Processed", FOREIGN, LOOKALIKE)
    for number in (1, 2, 3):
        dovecot.deliver(user, numbered(number))
    async with polled(imap, ledger, 3):
        await erase(ledger, 1, 3)
        assert await server_deletion.clear() == 2
        assert await server_deletion.clear() == 0
    assert sorted(dovecot.mails(user, "Processed")) == sorted([FOREIGN, LOOKALIKE, numbered(2)])


async def test_a_mail_that_a_person_marked_as_deleted_is_not_expunged(
    dovecot: Dovecot, user: str, imap: Imap, ledger: Ledger, server_deletion: ServerDeletion
) -> None:
    await lay(dovecot, user, imap, "Processed")
    async with marked_by_a_person(dovecot, user, imap) as person:
        dovecot.deliver(user, numbered(1))
        async with polled(imap, ledger, 1):
            await erase(ledger, 1)
            assert await server_deletion.clear() == 1
        assert await person.search("DELETED") == [1]
    assert dovecot.mails(user, "Processed") == [FOREIGN]


@contextlib.asynccontextmanager
async def marked_by_a_person(server: Dovecot, user: str, imap: Imap) -> AsyncIterator[Connection]:
    """The processed folder with a mail that a person has marked as deleted, and not yet expunged."""
    server.deliver(user, FOREIGN, "Processed")
    async with Connection.open(imap, Dovecot.credentials) as person:
        await person.select("Processed")
        await person._ok("STORE", person._client.uid("STORE", "1", "+FLAGS", r"(\Deleted)"))
        yield person


@pytest.mark.parametrize("copies", [0, 1])
async def test_a_mail_of_whose_move_nothing_is_known_is_found_by_its_content(
    dovecot: Dovecot, user: str, imap: Imap, ledger: Ledger, server_deletion: ServerDeletion, copies: int
) -> None:
    await lay(dovecot, user, imap, "Processed", FOREIGN, LOOKALIKE, *[numbered(1)] * copies)
    dovecot.deliver(user, numbered(1))
    async with polled(imap, ledger, 1, noted=False):
        await erase(ledger, 1)
        assert await server_deletion.clear() == 1
    # One was ours. Of what a person has twice, the other is theirs.
    left = [FOREIGN, LOOKALIKE, *[numbered(1)] * copies]
    assert sorted(dovecot.mails(user, "Processed")) == sorted(left)


async def test_every_copy_goes_that_a_server_without_move_made_and_could_not_finish(
    dovecot: Dovecot,
    user: str,
    imap: Imap,
    ledger: Ledger,
    server_deletion: ServerDeletion,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    has = ImapClient.has_capability
    monkeypatch.setattr(ImapClient, "has_capability", lambda self, name: name != "MOVE" and has(self, name))
    await lay(dovecot, user, imap, "Processed", numbered(1))  # a person's own
    dovecot.deliver(user, numbered(1))
    async with Proxy(dovecot.host, dovecot.port) as proxy:
        proxy.answers.append((b"UID STORE", b"TAG NO [NOPERM] not now"))
        proxy.cut_at = b"UID EXPUNGE"
        async with polled(imap.model_copy(update={"port": proxy.port}), ledger, 1):
            await until(lambda: not proxy.answers)
            proxy.reset_all()
            await proxy.was_cut.wait()
            proxy.cut_at = b""
            await until(lambda: dovecot.count(user) == 0)  # at the third time all went well
            await erase(ledger, 1)
            assert await server_deletion.clear() == 3
    assert dovecot.mails(user, "Processed") == [numbered(1)]


async def test_a_folder_that_was_made_anew_is_no_folder_of_before(
    dovecot: Dovecot, user: str, imap: Imap, ledger: Ledger, server_deletion: ServerDeletion
) -> None:
    dovecot.deliver(user, numbered(1))
    async with polled(imap, ledger, 1):
        await ledger.transact(lambda db: db.execute("UPDATE copy SET uidvalidity = uidvalidity - 1, uid = 2"))
        dovecot.deliver(user, FOREIGN, "Processed")  # as UID 2
        await erase(ledger, 1)
        assert await server_deletion.clear() == 1
    assert dovecot.mails(user, "Processed") == [FOREIGN]


async def test_an_oversized_mail_is_known_by_its_headers_and_size(
    dovecot: Dovecot, user: str, imap: Imap, ledger: Ledger, server_deletion: ServerDeletion
) -> None:
    large = numbered(1, size=5_000)
    await lay(dovecot, user, imap, "Processed", large.replace(b"<1@", b"<2@"))
    dovecot.deliver(user, large)
    async with polled(imap, ledger, 1, noted=False):
        await erase(ledger, 1)
        assert await server_deletion.clear() == 1
    assert len(dovecot.mails(user, "Processed")) == 1
    assert b"<2@" in dovecot.mails(user, "Processed")[0]


@pytest.mark.parametrize("noted", [True, False])
async def test_the_copy_in_quarantine_goes_too(
    dovecot: Dovecot, user: str, imap: Imap, ledger: Ledger, server_deletion: ServerDeletion, noted: bool
) -> None:
    dovecot.deliver(user, numbered(1))
    async with polled(imap, ledger, 1) as inbox:
        await lay(dovecot, user, imap, "Quarantine", FOREIGN, LOOKALIKE)
        note = await ledger.transact(lambda db: server_copies.copying(db, 1))
        location = await set_aside(inbox, numbered(1))
        assert location is not None
        if noted:
            await ledger.transact(lambda db: server_copies.placed(db, [(note, location)]))
        await erase(ledger, 1)
        assert await server_deletion.clear() == 2
    assert sorted(dovecot.mails(user, "Quarantine")) == sorted([FOREIGN, LOOKALIKE])
    assert dovecot.mails(user, "Processed") == []


async def test_a_folder_that_is_gone_holds_nothing_of_ours(
    dovecot: Dovecot, user: str, imap: Imap, ledger: Ledger, server_deletion: ServerDeletion
) -> None:
    dovecot.deliver(user, numbered(1))
    async with polled(imap, ledger, 1):
        await ledger.transact(lambda db: db.execute("UPDATE copy SET folder = 'Old'"))
        await erase(ledger, 1)
        assert await server_deletion.clear() == 1
    assert dovecot.mails(user, "Processed") == [numbered(1)]


async def test_wherever_the_line_breaks_nothing_foreign_goes_and_nothing_of_ours_stays(
    dovecot: Dovecot, user: str, imap: Imap, ledger: Ledger
) -> None:
    await lay(dovecot, user, imap, "Processed", LOOKALIKE)
    for number in (1, 2, 3):
        dovecot.deliver(user, numbered(number))
    async with polled(imap, ledger, 3), Proxy(dovecot.host, dovecot.port) as proxy:
        await erase(ledger, 1, 2, 3)
        through = imap.model_copy(update={"port": proxy.port, "host": "127.0.0.1"})
        server_deletion = ServerDeletion(through, Dovecot.credentials, ledger, timeout=5)
        cuts = 0
        for bytes_let_through in range(0, 20_000, 100):
            proxy.cut_after = bytes_let_through
            try:
                assert await server_deletion.clear() == 3
                break
            except ImapError:
                cuts += 1
                assert LOOKALIKE in dovecot.mails(user, "Processed")
        assert cuts > 10
        assert await server_deletion.clear() == 0
    assert dovecot.mails(user, "Processed") == [LOOKALIKE]


async def test_a_mail_still_in_the_inbox_is_deleted_once_it_is_filed_away(
    dovecot: Dovecot, user: str, imap: Imap, ledger: Ledger, server_deletion: ServerDeletion
) -> None:
    dovecot.deliver(user, numbered(1))
    async with Connection.open(imap, Dovecot.credentials) as connection:
        raw = RawMessage(
            account=f"{user}@{imap.host}",
            folder="INBOX",
            uidvalidity=connection.uidvalidity,
            uid=1,
            body=numbered(1),
            size=len(numbered(1)),
        )
    assert await ledger.accept(raw)
    await erase(ledger, 1)
    await server_deletion.clear()
    assert dovecot.mails(user) == [numbered(1)]
    async with polled(imap, ledger, 1):
        assert await server_deletion.clear() == 1
    assert dovecot.mails(user, "Processed") == []


@pytest.fixture(scope="module")
def gmail() -> Iterator[Dovecot]:
    """A server that says that it has labels, with folders for the trash and for what was sent."""
    uses = {"Bin": "Trash", "Outgoing": "Sent"}
    boxes = [f"mailbox {name} {{\n special_use = \\{use}\n auto = create\n }}" for name, use in uses.items()]
    with running_dovecot(
        namespace="\n ".join(["separator = /", *boxes]),
        settings="imap_capability {\n X-GM-EXT-1 = yes\n}",
    ) as server:
        yield server


async def test_an_answer_that_a_provider_filed_as_sent_goes_too(gmail: Dovecot, ledger: Ledger) -> None:
    user = gmail.add_user("sender")
    imap = Imap(host=gmail.host, port=gmail.port, tls="none", username=user, idle_seconds=60)
    async with Connection.open(imap, Dovecot.credentials) as connection:
        await connection.select("Outgoing")  # which makes it
        await connection.select("Bin")
    gmail.deliver(user, numbered(1))
    async with polled(imap, ledger, 1):
        (message,) = await ledger.lease(1)
        answer = b"Message-ID: <ours@x>\r\n\r\npainted"
        reply = Reply(kind="results", message_id="<ours@x>", recipient="a@b", content=answer)
        await ledger.finish(message, reply)
        row = await ledger.take()
        assert row
        await ledger.sent(row)
        others = [FOREIGN, b"In-Reply-To: <ours@x>\r\nMessage-ID: <theirs@x>\r\n\r\nhello"]
        for mail in (answer, *others):
            gmail.deliver(user, mail, "Outgoing")
        await erase(ledger, 1)
        assert await ServerDeletion(imap, Dovecot.credentials, ledger).clear() == 2
        assert await ServerDeletion(imap, Dovecot.credentials, ledger).clear() == 0
    assert sorted(gmail.mails(user, "Outgoing")) == sorted(others)
    assert gmail.mails(user, "Bin") == []


async def test_where_folders_are_labels_a_mail_goes_by_the_trash(gmail: Dovecot, ledger: Ledger) -> None:
    user = gmail.add_user("bot")
    imap = Imap(host=gmail.host, port=gmail.port, tls="none", username=user, idle_seconds=60)
    async with Connection.open(imap, Dovecot.credentials) as connection:
        await connection.select("Bin")  # which makes it
    gmail.deliver(user, FOREIGN, "Bin")
    for number in (1, 2):
        gmail.deliver(user, numbered(number))
    async with polled(imap, ledger, 2):
        await erase(ledger, 1)
        async with Connection.open(imap, Dovecot.credentials) as connection:
            assert connection.has_labels
        assert await ServerDeletion(imap, Dovecot.credentials, ledger).clear() == 1
    assert gmail.mails(user, "Bin") == [FOREIGN]
    async with Connection.open(imap, Dovecot.credentials) as connection:
        location = await connection.append("Bin", FOREIGN)
    assert location
    assert location.uid == 3, "the second that came into this folder was ours, and went by it"
    assert gmail.mails(user, "Processed") == [numbered(2)]


async def test_without_uidplus_a_mail_is_marked_and_no_other_is_expunged(ledger: Ledger) -> None:
    with running_dovecot(settings="imap_capability {\n UIDPLUS = no\n}") as server:
        user = server.add_user("bot")
        imap = Imap(host=server.host, port=server.port, tls="none", username=user, idle_seconds=60)
        await lay(server, user, imap, "Processed")
        async with marked_by_a_person(server, user, imap) as person:
            server.deliver(user, numbered(1))
            async with polled(imap, ledger, 1):
                await erase(ledger, 1)
                assert await ServerDeletion(imap, Dovecot.credentials, ledger).clear() == 1
            await person._ok("NOOP", person._client.noop())  # to be told what others did
            assert await person.search("DELETED") == [1, 2]
        assert len(server.mails(user, "Processed")) == 2
