"""Google's logins, by its own library against an identity provider on this machine."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
import requests

from mailbot.oauth import google
from mailbot.oauth.login_file import NoToken
from styles.service.config import ConfigError
from tests.fakes.mailbot.servers.identity import IdentityProvider


def browse(url: str) -> str:
    """Agree, and return the address at which the browser ends, which it may not reach."""
    answer = requests.get(url, allow_redirects=False, timeout=10)
    return str(answer.headers["Location"])


async def log_in(provider: IdentityProvider) -> dict[str, Any]:
    return await asyncio.to_thread(google.log_in, provider.google_client(), "bot@gmail.com", browse)


async def test_a_browser_elsewhere_ends_at_an_address_that_is_copied(provider: IdentityProvider) -> None:
    login = await log_in(provider)
    fresh = await asyncio.to_thread(google.refresh, login)
    assert (fresh.token, provider.asked[-1]["refresh_token"]) == ("access-2", "refresh-1")
    again = await asyncio.to_thread(google.refresh, fresh.login)
    assert (again.token, provider.asked[-1]["refresh_token"]) == ("access-3", "refresh-2")


async def test_an_address_of_another_login_is_not_taken(provider: IdentityProvider) -> None:
    def forged(url: str) -> str:
        return browse(url).replace("state=", "state=x")

    with pytest.raises(NoToken, match="did not let the bot in"):
        await asyncio.to_thread(google.log_in, provider.google_client(), "bot@gmail.com", forged)
    assert provider.asked == []


@pytest.mark.parametrize(
    ("fault", "words"),
    [("error:invalid_grant", r"refuses the login \(invalid_grant\)"), ("html", "no sense|refuses")],
)
async def test_what_the_provider_says_instead_of_a_token(
    provider: IdentityProvider, fault: str, words: str
) -> None:
    login = await log_in(provider)
    provider.faults.append(fault)
    with pytest.raises(NoToken, match=words):
        await asyncio.to_thread(google.refresh, login)


async def test_a_provider_that_is_slow(provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    login = await log_in(provider)
    monkeypatch.setattr(google, "CALL_SECONDS", 0.2)
    provider.is_quick.clear()
    with pytest.raises(NoToken, match="does not answer"):
        await asyncio.to_thread(google.refresh, login)


@pytest.mark.parametrize("text", ["{}", "[1]", "no JSON", json.dumps({"web": {"client_id": "id"}})])
def test_a_file_that_is_no_client_of_a_desktop_app(tmp_path: Path, text: str) -> None:
    file = tmp_path / "client.json"
    file.write_text(text)
    with pytest.raises(ConfigError, match=r"client\.json"):
        google.client_of(file)
