"""The headers of every page, and the files that belong to them."""

from __future__ import annotations

import re

import pytest

from mailbot.local_mail.page_renderer import POLICY
from tests.fakes.mailbot.local_mail import LocalMail


@pytest.mark.parametrize("path", ["/login", "/", "/write", "/mail/INBOX/9"])
async def test_pages_load_nothing_from_elsewhere_and_are_kept_nowhere(server: LocalMail, path: str) -> None:
    await server.sign_in()
    async with server.visitor.get(server.url + path) as page:
        assert page.headers["Content-Security-Policy"] == POLICY
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["X-Content-Type-Options"] == "nosniff"
        text = await page.text()
    assert "<script>" not in text
    assert not re.search(r"\s(on\w+|style)=", text)
    for address in re.findall(r'(?:src|href)="(/static/[^"]+)"', text):
        async with server.visitor.get(server.url + address) as file:
            assert file.status == 200, address
