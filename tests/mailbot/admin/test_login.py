"""`mailbot login` and `mailbot token`, as a person runs them."""

from __future__ import annotations

import asyncio
import json
import re
import ssl
import sys
from asyncio.subprocess import PIPE, STDOUT
from pathlib import Path

import aiohttp
import pytest

from mailbot.admin.login import SECRET
from mailbot.oauth.login_file import LoginFile
from tests.fakes.mailbot.servers.identity import USER, IdentityProvider


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "config.toml"
    file.write_text(f'[mail]\naddress = "{USER}"\nprovider = "outlook"\nledger = "ledger.db"\n')
    return file


@pytest.fixture
def client(tmp_path: Path, provider: IdentityProvider) -> Path:
    file = tmp_path / "client.json"
    file.write_text(json.dumps(provider.google_client()))
    return file


class Command:
    """`mailbot`, with its output as it comes."""

    def __init__(self, config: Path, *words: str) -> None:
        self._command = [sys.executable, "-u", "-P", "-m", "mailbot", *words, "--config", str(config)]
        self.output = ""

    async def start(self) -> None:
        self.process = await asyncio.create_subprocess_exec(
            *self._command, stdin=PIPE, stdout=PIPE, stderr=STDOUT
        )

    async def until(self, pattern: str) -> str:
        """Read until a line fits, and return its first group."""
        assert self.process.stdout is not None
        async with asyncio.timeout(30):
            while line := (await self.process.stdout.readline()).decode():
                self.output += line
                if found := re.search(pattern, line):
                    return found[1]
        raise AssertionError(self.output)

    async def ended(self, said: str = "") -> int:
        async with asyncio.timeout(30):
            rest, _ = await self.process.communicate(said.encode())
        self.output += rest.decode()
        return self.process.returncode or 0


async def run(config: Path, *words: str) -> tuple[int, str]:
    command = Command(config, *words)
    await command.start()
    code = await command.ended()
    return code, command.output


async def test_a_code_is_typed_elsewhere_and_then_there_are_tokens(
    config: Path, provider: IdentityProvider, kept: LoginFile
) -> None:
    provider.pending = 1
    code, said = await run(config, "login", "outlook", "--client-id", "id", "--authority", provider.url)
    assert (code, "type the code CODE1" in said, str(kept.path) in said) == (0, True, True)
    assert await run(config, "token") == (0, "access-2\n")
    assert await run(config, "token") == (0, "access-2\n")


async def test_a_browser_here_calls_back(
    config: Path, client: Path, provider: IdentityProvider, certificate: tuple[Path, Path]
) -> None:
    command = Command(config, "login", "gmail", "--client", str(client))
    await command.start()
    page = await command.until(r"^\s+(https://\S+)")
    trusting = aiohttp.TCPConnector(ssl=ssl.create_default_context(cafile=certificate[0]))
    async with aiohttp.ClientSession(connector=trusting) as browser, browser.get(page) as answer:
        assert "You can close this page" in await answer.text()
    assert await command.ended() == 0
    assert 'Write provider = "gmail" under [mail]' in command.output
    assert 'Write auth = "xoauth2" under [mail.imap]' in command.output
    assert (await run(config, "token"))[0] == 0


async def test_a_browser_elsewhere_ends_at_an_address_that_is_pasted(
    config: Path, client: Path, provider: IdentityProvider, certificate: tuple[Path, Path]
) -> None:
    command = Command(config, "login", "gmail", "--paste", "--client", str(client))
    await command.start()
    page = await command.until(r"^\s+(https://\S+)")
    trusting = aiohttp.TCPConnector(ssl=ssl.create_default_context(cafile=certificate[0]))
    session = aiohttp.ClientSession(connector=trusting)
    async with session as browser, browser.get(page, allow_redirects=False) as answer:
        ended_at = answer.headers["Location"]
    assert await command.ended(f"{ended_at}\n") == 0


async def test_an_application_needs_no_person(
    config: Path, provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SECRET, provider.secret)
    words = ["--client-id", "id", "--tenant", "example.org", "--authority", provider.url]
    code, said = await run(config, "login", "microsoft365", "--app", *words)
    assert (code, provider.secret in said) == (0, False)
    assert (await run(config, "token"))[0] == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["login", "gmail"], "--client FILE"),
        (["login", "outlook"], "--client-id ID"),
        (["login", "microsoft365", "--app", "--client-id", "id"], "--tenant"),
        (["token"], "nobody has logged in yet"),
        (["token", "--graph"], 'transport = "graph"'),
    ],
)
async def test_what_is_missing_is_named_in_one_line(config: Path, words: list[str], said: str) -> None:
    code, output = await run(config, *words)
    assert (code > 0, len(output.splitlines())) == (True, 1)
    assert said in output


async def test_a_login_that_fails_leaves_the_old_one(
    config: Path, provider: IdentityProvider, kept: LoginFile
) -> None:
    kept.write({"kind": "microsoft", "of": "yesterday"})
    provider.faults.append("error:access_denied")
    code, said = await run(config, "login", "outlook", "--client-id", "id", "--authority", provider.url)
    assert (code, "access_denied" in said) == (1, True)
    assert kept.read()["of"] == "yesterday"
