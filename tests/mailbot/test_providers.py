"""The table of providers, and that the document says the same."""

from __future__ import annotations

import re
from pathlib import Path

from mailbot.providers import PROVIDERS

DOCUMENT = Path(__file__).parents[2] / "docs" / "mailbox.md"


def test_the_document_has_the_same_servers() -> None:
    rows = re.findall(r"^\| `(\w+)`.* \| ([\w.]+) \| ([\w.-]+):(\d+) \|", DOCUMENT.read_text(), re.MULTILINE)
    table = {name: (imap, smtp, int(port)) for name, imap, smtp, port in rows}
    assert table == {
        name: (provider.imap_host, provider.smtp_host, provider.smtp_port)
        for name, provider in PROVIDERS.items()
    }


def test_answers_are_always_encrypted() -> None:
    assert {(each.smtp_port, each.smtp_tls) for each in PROVIDERS.values()} == {
        (587, "starttls"),
        (465, "tls"),
    }
