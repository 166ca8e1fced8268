"""The bot's part of config.toml."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailbot.config import Config
from styles.config import ConfigError, load

SHIPPED = Path(__file__).parents[2] / "config.toml"


def read(folder: Path, text: str) -> Config:
    file = folder / "config.toml"
    file.write_text(text)
    return load(file, Config)


def test_an_empty_file_means_the_same_as_the_shipped_one(tmp_path: Path) -> None:
    empty, shipped = read(tmp_path, ""), load(SHIPPED, Config)
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
    assert imap.idle_seconds == 1
    assert (smtp.host, smtp.port, smtp.tls, smtp.username) == ("127.0.0.1", 5, "none", "")


def test_with_an_imap_host_the_configured_servers_are_used(tmp_path: Path) -> None:
    mail = read(
        tmp_path,
        '[mail.imap]\nhost = "imap.example.org"\nusername = "u"\n[mail.smtp]\nhost = "smtp.example.org"',
    ).mail
    assert not mail.is_local
    assert mail.effective_imap is mail.imap
    assert mail.effective_smtp == mail.smtp


@pytest.mark.parametrize(
    ("word", "meaning"), [("true", "tls"), ("false", "none"), ('"starttls"', "starttls")]
)
def test_tls_may_be_a_boolean(tmp_path: Path, word: str, meaning: str) -> None:
    assert read(tmp_path, f"[mail.smtp]\ntls = {word}").mail.smtp.tls == meaning


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('[mail]\nadress = "typing@mistake.example"', "mail.adress"),
        ('[mail]\naddress = "no address"', "mail.address"),
        ("[mail.imap]\nport = 99999", "mail.imap.port"),
        ('[mail.imap]\ntls = "starttls"', "mail.imap.tls"),
        ('[mail.imap]\nprocessed = "50%"', "mail.imap.processed"),
        ("[mail.imap]\nprocessed = '\\Sent'", "mail.imap.processed"),
        ('[mail.imap]\nauth = "xoauth2"\nhost = "a"\n[mail.smtp]\nhost = "b"', "imap.auth"),
        ('[mail.imap]\nhost = "imap.example.org"', "smtp.host"),
        ("[mail]\nmax_message_bytes = 0", "mail.max_message_bytes"),
    ],
)
def test_what_makes_no_sense_is_named(tmp_path: Path, text: str, key: str) -> None:
    with pytest.raises(ConfigError, match=key):
        read(tmp_path, text)
