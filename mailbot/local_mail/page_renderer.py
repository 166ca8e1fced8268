"""Render the pages from their templates, with the policy that all of them have."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from mailbot.local_mail.accounts import INBOX, SENT, Accounts
from mailbot.local_mail.mail_view import heading
from styles.service.units import size

PACKAGE = Path(__file__).parent
#: Content-Security-Policy of the pages, as strict as that of the registry's. A mail's html is framed.
POLICY = (
    "default-src 'none'; img-src 'self' blob:; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)


class PageRenderer:
    """Fill the templates in, each with what its frame shows: the folders and the mails of one."""

    def __init__(self, accounts: Accounts, bot: str) -> None:
        self._accounts = accounts
        self._templates = Environment(
            loader=FileSystemLoader(PACKAGE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters["heading"] = heading
        self._templates.filters["size"] = size
        self._templates.globals["bot"] = bot

    async def mailbox(
        self, template: str, account: str, folder: str = INBOX, *, status: int = 200, **values: Any
    ) -> web.Response:
        """Render a page of an account, beside the list of a folder's mails."""
        tree = await self._accounts.folders(account).list_mailboxes()
        names = {entry.name for entry in tree.list() if entry.exists} | {SENT}
        return self.page(
            template,
            status=status,
            account=account,
            folder=folder,
            folders=sorted(names, key=lambda name: (name not in (INBOX, SENT), name)),
            mails=await self._accounts.mails(account, folder),
            newest=await self._accounts.newest(account),
            **values,
        )

    def page(self, template: str, *, status: int = 200, **values: Any) -> web.Response:
        """Render a page."""
        text = self._templates.get_template(template).render(values)
        headers = {"Content-Security-Policy": POLICY}
        return web.Response(text=text, status=status, content_type="text/html", headers=headers)
