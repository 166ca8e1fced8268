"""Accounts in memory: whose a mail is, and that it stays as it came."""

from __future__ import annotations

import asyncio

import pytest
from pymap.parsing.specials.flag import Seen

from mailbot.local_mail import accounts as accounts_module
from mailbot.local_mail.accounts import INBOX, SENT, Accounts
from tests.fakes.mailbot.local_mail import BOT, JANE
from tests.fakes.mailbot.mails import mail


@pytest.fixture
def accounts() -> Accounts:
    return Accounts(BOT, ["Paint@painter.example"])


@pytest.mark.parametrize(
    ("address", "account"),
    [
        (BOT, BOT),
        ("BOT+mosaic@Painter.example", BOT),
        ("paint@painter.example", BOT),
        ("paint+udnie@painter.example", BOT),
        ("Jane@mail.example ", JANE),
        ("jane+photos@mail.example", "jane+photos@mail.example"),
        ("bot@mail.example", "bot@mail.example"),
    ],
)
def test_whose_the_mail_for_an_address_is(accounts: Accounts, address: str, account: str) -> None:
    assert accounts.account(address) == account


async def test_an_account_gets_a_mail_once(accounts: Accounts) -> None:
    await accounts.deliver([BOT, "bot+mosaic@painter.example", JANE], mail())
    assert [len(await accounts.mails(name, INBOX)) for name in (BOT, JANE)] == [1, 1]


@pytest.mark.parametrize("raw", [mail(), b"", b"\n", b"no header", b"Subject: a\n\nbare\rCR\nand LF\x00\xff"])
async def test_a_mail_stays_as_it_came(accounts: Accounts, raw: bytes) -> None:
    uid = await accounts.put(JANE, "Some/where", raw)
    assert await accounts.open(JANE, "Some/where", uid) == raw


async def test_a_mail_is_unread_until_it_is_opened(accounts: Accounts) -> None:
    uid = await accounts.put(JANE, INBOX, mail())
    await accounts.put(JANE, SENT, mail(), Seen)
    assert [found.seen for found in await accounts.mails(JANE, INBOX)] == [False]
    await accounts.open(JANE, INBOX, uid)
    assert [found.seen for found in await accounts.mails(JANE, INBOX)] == [True]
    assert [found.seen for found in await accounts.mails(JANE, SENT)] == [True]


async def test_over_its_bytes_an_account_loses_its_oldest_mails(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts_module, "ACCOUNT_BYTES", 100)
    await accounts.put(BOT, INBOX, b"x" * 90)
    await accounts.put(JANE, SENT, b"a" * 40)
    for letter in (b"b", b"c", b"d"):
        await accounts.put(JANE, INBOX, letter * 40)
    assert [len(await accounts.mails(JANE, folder)) for folder in (SENT, INBOX)] == [0, 2]
    uid = await accounts.put(JANE, SENT, b"e" * 200)
    assert await accounts.open(JANE, SENT, uid) == b"e" * 200
    assert [len(await accounts.mails(name, INBOX)) for name in (JANE, BOT)] == [0, 1]


async def test_what_is_not_there(accounts: Accounts) -> None:
    assert await accounts.open(JANE, INBOX, 1) is None
    assert await accounts.open(JANE, "nowhere", 1) is None
    assert await accounts.mails(JANE, "nowhere") == []


async def test_the_news_of_an_account_are_its_own(accounts: Accounts) -> None:
    before = await accounts.newest(JANE)
    waiting = asyncio.create_task(accounts.newer(JANE, before, 60))
    await accounts.deliver([BOT], mail())
    await asyncio.sleep(0)
    assert not waiting.done()
    await accounts.deliver([JANE], mail())
    assert await waiting == (await accounts.mails(JANE, INBOX))[0].uid > before
    assert await accounts.newer(JANE, await waiting, 0) == await waiting
