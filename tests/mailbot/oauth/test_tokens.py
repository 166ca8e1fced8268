"""Tokens by the kept login: each is used until shortly before its end, by the bot and by other processes."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from mailbot.config import Imap, Mail
from mailbot.oauth import microsoft
from mailbot.oauth.login_file import LoginFile, NoToken
from mailbot.oauth.tokens import SPARE_SECONDS, access_token
from mailbot.transport.credentials import to_read
from mailbot.transport.imap import Connection
from tests.fakes.mailbot.servers import tokens
from tests.fakes.mailbot.servers.identity import USER, IdentityProvider


@dataclass
class Account:
    """A login that is kept in a file, and its provider."""

    provider: IdentityProvider
    file: LoginFile
    now: float = field(default_factory=time.time)

    async def token(self, graph: str = "", refused: str = "") -> str:
        return await asyncio.to_thread(access_token, self.file, graph, refused, lambda: self.now)


@pytest.fixture
async def account(provider: IdentityProvider, kept: LoginFile) -> Account:
    rights = [microsoft.MAIL, microsoft.rights("graph.microsoft.com", is_app=False)]
    authority = f"{provider.url}/consumers"
    provider.agreed.update(*rights)
    kept.write(await asyncio.to_thread(microsoft.log_in, "client", authority, USER, rights, print))
    return Account(provider, kept)


async def test_a_token_is_kept_until_shortly_before_its_end(account: Account) -> None:
    first = await account.token()
    account.now += 3599 - SPARE_SECONDS - 60
    assert await account.token() == first
    account.now += 120
    assert await account.token() != first


async def test_a_refused_token_is_replaced_and_the_new_refresh_token_kept(account: Account) -> None:
    first = await account.token()
    second = await account.token(refused=first)
    assert second != first
    assert account.provider.refresh_token in account.file.read()["cache"]
    asked = len(account.provider.asked)
    assert await account.token(refused=first) == second  # as for another connection that was refused too
    assert len(account.provider.asked) == asked


async def test_many_that_ask_at_once_use_each_refresh_token_once(account: Account) -> None:
    found = await asyncio.gather(*(account.token() for _ in range(8)))
    assert len(set(found)) == 1


async def test_graph_has_a_token_of_its_own(account: Account) -> None:
    mail, graph = await account.token(), await account.token("graph.microsoft.com")
    assert mail != graph
    assert (await account.token(), await account.token("graph.microsoft.com")) == (mail, graph)


@pytest.mark.parametrize("lie", ["two words", "line\nbreak", "x" * 20_000])
async def test_what_could_not_stand_in_a_header_is_no_token(account: Account, lie: str) -> None:
    account.provider.faults.append(lie)
    with pytest.raises(NoToken, match="is no token") as error:
        await account.token()
    assert lie not in str(error.value)


async def test_a_revoked_login_says_what_to_do(account: Account) -> None:
    account.provider.refresh_token = "another"
    with pytest.raises(NoToken, match="run `mailbot login` again"):
        await account.token()


async def test_a_token_whose_login_cannot_be_kept_is_not_used(account: Account) -> None:
    account.file.path.with_name(f"{account.file.path.name}.part").mkdir()
    with pytest.raises(NoToken, match="cannot be kept: Is a directory"):
        await account.token()


async def test_a_login_at_another_provider(kept: LoginFile) -> None:
    kept.write({"kind": "of another release"})
    with pytest.raises(NoToken, match="run `mailbot login` again"):
        await asyncio.to_thread(access_token, kept)


async def test_a_real_mailbox_is_read_by_the_login(
    account: Account, imap: Imap, user: str, tmp_path: Path
) -> None:
    """Dovecot refuses the first token, and takes the next one."""
    account.provider.faults += [tokens.token(user, -60), tokens.token(user)]
    settings = imap.model_copy(update={"auth": "xoauth2"})
    ledger = account.file.path.with_name("ledger.db")
    mail = Mail.model_validate({"address": USER, "provider": "outlook", "ledger": ledger})
    mail = mail.model_copy(update={"imap": settings, "smtp": mail.smtp.model_copy(update={"host": "none"})})
    async with Connection.open(mail.effective_imap, to_read(mail), 10) as connection:
        assert connection.uidvalidity
