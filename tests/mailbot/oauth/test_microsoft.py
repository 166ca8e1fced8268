"""Microsoft's logins, by its own library against an identity provider on this machine."""

from __future__ import annotations

import asyncio

import pytest

from mailbot.oauth import microsoft
from mailbot.oauth.login_file import NoToken
from tests.fakes.mailbot.servers.identity import USER, IdentityProvider

GRAPH = microsoft.rights("graph.microsoft.com", is_app=False)


async def log_in(
    provider: IdentityProvider, *rights: microsoft.Rights
) -> tuple[dict[str, object], list[str]]:
    said: list[str] = []
    authority = f"{provider.url}/consumers"
    wanted = rights or (microsoft.MAIL,)
    login = await asyncio.to_thread(microsoft.log_in, "client", authority, USER, wanted, said.append)
    return login, said


async def test_a_person_types_a_code_while_it_is_waited_for(provider: IdentityProvider) -> None:
    provider.pending = 1
    login, said = await log_in(provider)
    page = "Open https://login.example/device in a browser on any machine"
    assert said == [f"{page}, log in as {USER}, and type the code CODE1"]
    assert set(microsoft.MAIL) <= set(provider.agreed)
    fresh = await asyncio.to_thread(microsoft.refresh, login, microsoft.MAIL)
    assert fresh.token == provider.access_token


async def test_each_refresh_token_is_used_once(provider: IdentityProvider) -> None:
    login, _ = await log_in(provider)
    for number in (2, 3, 4):
        fresh = await asyncio.to_thread(microsoft.refresh, login, microsoft.MAIL)
        login = fresh.login
        assert (fresh.token, provider.refresh_token) == (f"access-{number}", f"refresh-{number}")
    assert [each["refresh_token"] for each in provider.asked[1:]] == ["refresh-1", "refresh-2", "refresh-3"]


async def test_another_service_has_a_code_of_its_own(provider: IdentityProvider) -> None:
    _, said = await log_in(provider, microsoft.MAIL, GRAPH)
    assert [line.rpartition(" ")[2] for line in said] == ["CODE1", "CODE2"]


async def test_no_second_code_where_the_account_has_agreed_before(provider: IdentityProvider) -> None:
    provider.agreed.update(GRAPH)
    _, said = await log_in(provider, microsoft.MAIL, GRAPH)
    assert len(said) == 1


async def test_an_application_has_a_secret_and_no_person(provider: IdentityProvider) -> None:
    authority = f"{provider.url}/example.org"
    with pytest.raises(NoToken, match="invalid_client AADSTS70000") as error:
        await asyncio.to_thread(microsoft.log_in_as_app, "app", authority, "wrong", [microsoft.MAIL_OF_APP])
    assert "wrong" not in str(error.value)
    login = await asyncio.to_thread(
        microsoft.log_in_as_app, "app", authority, provider.secret, [microsoft.MAIL_OF_APP]
    )
    tokens = [(await asyncio.to_thread(microsoft.refresh, login, microsoft.MAIL_OF_APP)).token for _ in "12"]
    assert tokens == ["access-2", "access-3"]


@pytest.mark.parametrize(
    ("fault", "words"),
    [("error:invalid_grant", "invalid_grant AADSTS70000"), ("html", "makes no sense")],
)
async def test_what_the_provider_says_instead_of_a_token(
    provider: IdentityProvider, fault: str, words: str
) -> None:
    login, _ = await log_in(provider)
    provider.faults.append(fault)
    with pytest.raises(NoToken, match=words) as error:
        await asyncio.to_thread(microsoft.refresh, login, microsoft.MAIL)
    assert USER not in str(error.value)


async def test_a_code_that_nobody_wants_typed(provider: IdentityProvider) -> None:
    provider.faults.append("error:access_denied")
    with pytest.raises(NoToken, match="access_denied"):
        await log_in(provider)


async def test_an_unknown_tenant(provider: IdentityProvider) -> None:
    with pytest.raises(NoToken, match="the tenant is unknown"):
        await asyncio.to_thread(
            microsoft.log_in, "client", f"{provider.url}/unknown", USER, [microsoft.MAIL], print
        )


async def test_a_provider_that_is_slow(provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    login, _ = await log_in(provider)
    monkeypatch.setattr(microsoft, "CALL_SECONDS", 0.2)
    provider.is_quick.clear()
    with pytest.raises(NoToken, match="does not answer"):
        await asyncio.to_thread(microsoft.refresh, login, microsoft.MAIL)
