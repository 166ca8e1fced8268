"""The mail server to play with, in the loop of the test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.message import EmailMessage

import aiosmtplib
from aiohttp import ClientSession, CookieJar

from mailbot.config import MailbotConfigFile
from mailbot.local_mail.accounts import Accounts
from mailbot.local_mail.server import running
from tests.fakes.mailbot.mails import photo
from tests.fakes.mailbot.servers.dovecot import free_port

BOT, JANE = "bot@painter.example", "jane@mail.example"


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalMail:
    """A running server, and a visitor of its page, who keeps cookies."""

    config: MailbotConfigFile
    accounts: Accounts
    visitor: ClientSession

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.config.mail.local.web_port}"

    async def post(self, path: str, data: object, origin: str = "") -> tuple[int, str]:
        """Sends a form as a page of `origin` does, or one of its own; the status and the next page."""
        headers = {"Origin": origin or self.url}
        async with self.visitor.post(self.url + path, data=data, headers=headers) as answer:
            return answer.status, await answer.text()

    async def get(self, path: str) -> tuple[int, str]:
        async with self.visitor.get(self.url + path) as answer:
            return answer.status, await answer.text(errors="replace")

    async def sign_in(self, address: str = JANE) -> None:
        status, _ = await self.post("/login", {"address": address, "password": "local"})
        assert status == 200

    async def hand_in(self, mail: bytes, *recipients: str) -> None:
        """Sends a mail by SMTP."""
        port = self.config.mail.local.smtp_port
        await aiosmtplib.send(
            mail, sender=JANE, recipients=list(recipients), hostname="127.0.0.1", port=port, start_tls=False
        )


@asynccontextmanager
async def local_mail(registry_port: int = 0, **mail: object) -> AsyncIterator[LocalMail]:
    """Runs until the block ends; without a registry that answers, unless its port is given."""
    ports = {name: free_port() for name in ("smtp_port", "imap_port", "web_port")}
    registry = {"host": "127.0.0.1", "port": registry_port or free_port()}
    settings = {"mail": {"address": BOT, "local": ports, **mail}, "registry": registry}
    config = MailbotConfigFile.model_validate(settings)
    jar = CookieJar(unsafe=True)  # a host that is a number may set cookies too
    async with running(config) as accounts, ClientSession(cookie_jar=jar) as visitor:
        yield LocalMail(config=config, accounts=accounts, visitor=visitor)


def answer(script: str = "") -> EmailMessage:
    """An answer as the bot writes it: text, and html with its picture and a link that asks for more."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = f"The Painter <{BOT}>", JANE, "Re: great wave"
    message["Message-ID"], message["References"] = "<answer@painter.example>", "<asked@mail.example>"
    message.set_content("Here is your photo.")
    again = f"mailto:{BOT}?subject=the-scream&In-Reply-To=%3Canswer@painter.example%3E"
    html = (
        f'<p>Here is your photo.</p><img src="cid:one" alt="painted"><a href="{again}">the-scream</a>{script}'
    )
    message.add_alternative(html, subtype="html")
    parts = message.get_payload()
    assert isinstance(parts, list)
    related = parts[1]
    assert isinstance(related, EmailMessage)
    related.add_related(photo(64, 48), "image", "jpeg", cid="<one>", filename="beach-great-wave.jpg")
    return message
