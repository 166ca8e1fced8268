"""Build the page of the mail server to play with, and serve it.

    GET  /login, POST /login, /logout                 sessions.py: open the mailbox of an address
    GET  /, /folder/NAME                              mailbox_pages.py: the mails of a folder
    GET  /mail/FOLDER/UID                             a mail; below it /html, /part/NUMBER and /source
    GET  /news?after=UID                              answers when a mail comes
    GET  /write, POST /write                          compose_page.py: the form, and a mail on its way
    GET  /styles/NAME                                 a style's preview, from the registry

The pages are plain HTML with a style sheet and a script. Without the script all but the waiting works.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import ClientSession, ClientTimeout, web

from mailbot.config import MailbotConfigFile
from mailbot.local_mail.accounts import Accounts
from mailbot.local_mail.compose_page import ComposePages
from mailbot.local_mail.mailbox_pages import MailboxPages
from mailbot.local_mail.page_renderer import PACKAGE, PageRenderer
from mailbot.local_mail.sessions import MailboxSessions
from registry.client import RegistryClient

#: Seconds that the registry has for a preview, which takes it milliseconds.
PREVIEW_SECONDS = ClientTimeout(total=10)
#: Seconds for responses in progress at a signal; a browser that waits for news is cut off.
CLOSING_SECONDS = 0.5


def create_app(
    config: MailbotConfigFile, accounts: Accounts, limit: int, registry: RegistryClient, http: ClientSession
) -> web.Application:
    """Build the page over the accounts, for mails of at most `limit` bytes."""
    renderer = PageRenderer(accounts, config.mail.address)
    sessions = MailboxSessions(config.mail.local, accounts, renderer)
    app = web.Application(middlewares=[sessions.guard], client_max_size=limit)
    app.add_routes(sessions.routes())
    app.add_routes(MailboxPages(accounts, sessions, renderer).routes())
    app.add_routes(ComposePages(config, limit, accounts, sessions, renderer, registry, http).routes())
    app.add_routes([web.static("/static", PACKAGE / "static")])
    app.on_response_prepare.append(_set_security_headers)
    return app


async def _set_security_headers(_request: web.Request, response: web.StreamResponse) -> None:
    """Set the headers that every response has; a mail's own parts may run nothing."""
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"  # without one a form has no Origin
    response.headers.setdefault("Content-Security-Policy", "default-src 'none'; sandbox")
    response.headers.setdefault("Cache-Control", "no-store")


@asynccontextmanager
async def serving(config: MailbotConfigFile, accounts: Accounts, limit: int) -> AsyncIterator[None]:
    """Serve the page at `web_port` while entered. Raises OSError if the port is taken."""
    async with (
        RegistryClient(config.registry.url) as registry,
        ClientSession(timeout=PREVIEW_SECONDS) as http,
    ):
        app = create_app(config, accounts, limit, registry, http)
        runner = web.AppRunner(
            app, access_log=None, handler_cancellation=True, shutdown_timeout=CLOSING_SECONDS
        )
        await runner.setup()
        try:
            await web.TCPSite(runner, config.mail.local.host, config.mail.local.web_port).start()
            yield
        finally:
            await runner.cleanup()
