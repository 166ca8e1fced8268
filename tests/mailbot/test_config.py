"""The bot's part of config.toml."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailbot.config import MailbotConfigFile
from mailbot.providers import PROVIDERS
from styles.service.config import ConfigError, load

SHIPPED = Path(__file__).parents[2] / "config.toml"

GMAIL = '[mail]\nprovider = "gmail"\n'


def read(folder: Path, text: str) -> MailbotConfigFile:
    file = folder / "config.toml"
    file.write_text(text)
    return load(file, MailbotConfigFile)


def test_an_empty_file_means_the_same_as_the_shipped_one(tmp_path: Path) -> None:
    empty, shipped = read(tmp_path, ""), load(SHIPPED, MailbotConfigFile)
    ledger = {"mail": {"ledger": None}}
    assert empty.model_dump() | ledger == shipped.model_dump() | ledger
    assert empty.mail.model_dump(exclude={"ledger"}) == shipped.mail.model_dump(exclude={"ledger"})
    assert empty.mail.ledger == tmp_path / "var/mailbot/ledger.db"
    assert shipped.mail.ledger == SHIPPED.parent / "var/mailbot/ledger.db"


def test_without_an_imap_host_the_embedded_server_is_used(tmp_path: Path) -> None:
    mail = read(
        tmp_path, '[mail]\naddress = "paint@example.org"\n[mail.local]\nimap_port = 4\nsmtp_port = 5'
    ).mail
    assert mail.is_local
    imap, smtp = mail.effective_imap, mail.effective_smtp
    assert (imap.host, imap.port, imap.tls, imap.username) == ("127.0.0.1", 4, "none", "paint@example.org")
    assert imap.idle_seconds == 300  # the server reports new mail by itself
    assert (smtp.host, smtp.port, smtp.tls, smtp.username) == ("127.0.0.1", 5, "none", "")


@pytest.mark.parametrize(
    "domain", ["example", "painter.example", "EXAMPLE.com", "a.test", "box", "box.local"]
)
def test_an_address_to_play_with_needs_no_server(tmp_path: Path, domain: str) -> None:
    assert read(tmp_path, f'[mail]\naddress = "bot@{domain}"').mail.is_local


def test_with_an_imap_host_the_configured_servers_are_used(tmp_path: Path) -> None:
    mail = read(
        tmp_path,
        '[mail.imap]\nhost = "imap.example.org"\nusername = "u"\n[mail.smtp]\nhost = "smtp.example.org"',
    ).mail
    assert not mail.is_local
    assert mail.effective_imap == mail.imap.model_copy(update={"auth": "password"})
    assert mail.effective_smtp == mail.smtp.model_copy(update={"auth": "password"})


@pytest.mark.parametrize(
    ("word", "meaning"), [("true", "tls"), ("false", "none"), ('"starttls"', "starttls")]
)
def test_tls_may_be_a_boolean(tmp_path: Path, word: str, meaning: str) -> None:
    assert read(tmp_path, f"[mail.smtp]\ntls = {word}").mail.smtp.tls == meaning


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('[mail]\nadress = "typing@mistake.example"', "did you mean address"),
        ('[mail]\naddress = "no address"', "mail.address"),
        ("[mail.imap]\nport = 99999", "mail.imap.port"),
        ('[mail.imap]\ntls = "starttls"', "mail.imap.tls"),
        ('[mail.imap]\nprocessed = "50%"', "mail.imap.processed"),
        ("[mail.imap]\nprocessed = '\\Sent'", "mail.imap.processed"),
        (
            '[mail]\nprovider = "gmail"\n[mail.imap]\ntoken_command = "a"\ntoken_file = "b"',
            "imap: tokens come",
        ),
        (
            '[mail]\nprovider = "gmail"\n[mail.smtp]\ntransport = "graph"\nauth = "password"',
            "smtp: graph takes",
        ),
        ("[mail.imap]\ntoken_command = 'echo \"'", "mail.imap.token_command"),
        ('[mail.imap]\nusername = "a\\nb"', "mail.imap.username"),
        ('[mail]\nprovider = "hotmale"', "mail.provider"),
        ('[mail.imap]\nhost = "imap.example.org"', "smtp.host"),
        (
            '[mail]\naddress = "painter@ours.org"',
            "no server is named for painter@ours.org: set provider",
        ),
        ('[mail]\naddress = "bot@notexample.com"', r"To play with .* address = \"bot@painter.example\""),
        ("[mail]\nmax_message_bytes = 0", "mail.max_message_bytes"),
        ('[mail]\ndeny = ["example.org"]', "mail.deny"),
        ('[mail]\nallow = ["ann @example.org"]', "mail.allow"),
        ('[mail]\naliases = ["paint"]', "mail.aliases"),
    ],
)
def test_what_makes_no_sense_is_named(tmp_path: Path, text: str, key: str) -> None:
    with pytest.raises(ConfigError, match=key):
        read(tmp_path, text)


@pytest.mark.parametrize("name", PROVIDERS)
@pytest.mark.parametrize("base", ["", SHIPPED.read_text()], ids=["empty", "shipped"])
def test_a_provider_fills_in_what_is_as_shipped(tmp_path: Path, name: str, base: str) -> None:
    token = 'token_command = "get-token"' if PROVIDERS[name].auth == "xoauth2" else ""
    text = base.replace('token_command = ""', token) or f"[mail]\n[mail.imap]\n{token}"
    mail = read(
        tmp_path, text.replace("[mail]", f'[mail]\nprovider = "{name}"').replace('provider = "" ', "#")
    ).mail
    imap, smtp = mail.effective_imap, mail.effective_smtp
    assert not mail.is_local
    assert (imap.host, imap.port, imap.tls) == (PROVIDERS[name].imap_host, 993, "tls")
    assert (smtp.host, smtp.port) == (PROVIDERS[name].smtp_host, PROVIDERS[name].smtp_port)
    assert smtp.tls == PROVIDERS[name].smtp_tls
    assert smtp.username == mail.address
    assert imap.auth == smtp.auth == (PROVIDERS[name].auth or "password")


def test_what_is_said_goes_before_what_is_known(tmp_path: Path) -> None:
    mail = read(
        tmp_path,
        """[mail]
        provider = "icloud"
        address = "bot@icloud.com"
        [mail.imap]
        host = "127.0.0.1"
        port = 1993
        username = "me"
        [mail.smtp]
        tls = "tls"
        port = 465""",
    ).mail
    imap, smtp = mail.effective_imap, mail.effective_smtp
    assert (imap.host, imap.port, imap.username) == ("127.0.0.1", 1993, "me")
    assert (smtp.host, smtp.port, smtp.tls) == ("smtp.mail.me.com", 465, "tls")


def test_icloud_wants_the_name_alone_and_smaller_answers(tmp_path: Path) -> None:
    mail = read(tmp_path, '[mail]\nprovider = "icloud"\naddress = "bot@icloud.com"').mail
    assert mail.effective_imap.username == "bot"
    assert mail.effective_smtp.username == "bot@icloud.com"
    assert mail.effective_reply_bytes == 13_600_000
    assert read(tmp_path, "").mail.effective_reply_bytes == 17_000_000


def test_the_username_is_the_address(tmp_path: Path) -> None:
    mail = read(
        tmp_path, '[mail.imap]\nhost = "imap.example.org"\n[mail.smtp]\nhost = "smtp.example.org"'
    ).mail
    assert mail.effective_imap.username == "bot@painter.example"
    assert mail.effective_smtp.username == ""


@pytest.mark.parametrize(
    ("imap", "smtp", "auths"),
    [
        ("", "", ("password", "password")),
        ('token_file = "t"', "", ("xoauth2", "xoauth2")),
        ('token_file = "t"', 'auth = "password"', ("xoauth2", "password")),
        ('auth = "password"', 'token_command = "t"', ("password", "xoauth2")),
        ('token_command = "t"\nauth = "password"', "", ("password", "password")),
    ],
)
def test_a_token_that_is_named_is_used(tmp_path: Path, imap: str, smtp: str, auths: tuple[str, str]) -> None:
    mail = read(tmp_path, f'[mail.imap]\nhost = "a"\n{imap}\n[mail.smtp]\nhost = "b"\n{smtp}').mail
    assert (mail.effective_imap.auth, mail.effective_smtp.auth) == auths


def test_what_goes_out_in_a_day_is_what_the_provider_sends(tmp_path: Path) -> None:
    gmail = '[mail.imap]\nhost = "imap.gmail.com"\n[mail.smtp]\nhost = "SMTP.gmail.com"'
    assert read(tmp_path, gmail).mail.total_per_day == 400
    assert read(tmp_path, f"[mail]\nreplies_per_day_total = 90\n{gmail}").mail.total_per_day == 90
    assert read(tmp_path, "").mail.total_per_day == 0
