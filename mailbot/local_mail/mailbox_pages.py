"""Show the mails of an account: the folders, each mail with its files, and the news of another one."""

from __future__ import annotations

import asyncio
from urllib.parse import quote

from aiohttp import web

from mailbot.local_mail.accounts import INBOX, Accounts
from mailbot.local_mail.mail_view import MailView, view
from mailbot.local_mail.page_renderer import PageRenderer
from mailbot.local_mail.sessions import MailboxSessions

#: Policy for a mail's html: nothing of it runs, and nothing is loaded from elsewhere. Its frame must be of
#: this origin, so that its pictures come with the cookie.
FRAMED = (
    "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox "
    "allow-top-navigation-by-user-activation"
)
#: Seconds after which a browser asks for news again.
NEWS_SECONDS = 25.0


class MailboxPages:
    """Answer the requests that change nothing but what is marked as read."""

    def __init__(self, accounts: Accounts, sessions: MailboxSessions, renderer: PageRenderer) -> None:
        self._accounts = accounts
        self._sessions = sessions
        self._renderer = renderer

    def routes(self) -> list[web.RouteDef]:
        """List the routes."""
        mail = r"/mail/{folder}/{uid:\d{1,9}}"
        return [
            web.get("/", self.folder),
            web.get("/folder/{folder}", self.folder),
            web.get("/news", self.news),
            web.get(mail, self.mail),
            web.get(mail + "/html", self.html),
            web.get(mail + "/part/{number:\\d{1,3}}", self.part),
            web.get(mail + "/source", self.source),
        ]

    async def folder(self, request: web.Request) -> web.Response:
        """List the mails of a folder, by default the inbox."""
        account = self._sessions.account(request)
        folder = request.match_info.get("folder", INBOX)
        return await self._renderer.mailbox("folder.html", account, folder, shown=None)

    async def mail(self, request: web.Request) -> web.Response:
        """Show a mail. `?wait` says that its answer is waited for."""
        account = self._sessions.account(request)
        folder, uid = request.match_info["folder"], int(request.match_info["uid"])
        content = await self._accounts.open(account, folder, uid)
        if content is None:
            return await self._renderer.mailbox("gone.html", account, folder, status=404, shown=uid)
        mail = await asyncio.to_thread(view, content)
        waiting = "wait" in request.query
        return await self._renderer.mailbox(
            "mail.html", account, folder, shown=uid, mail=mail, waiting=waiting
        )

    async def html(self, request: web.Request) -> web.Response:
        """Send a mail's html, for a frame."""
        found = await self._view(request)
        headers = {"Content-Security-Policy": FRAMED}
        return web.Response(text=found.html, content_type="text/html", headers=headers)

    async def part(self, request: web.Request) -> web.Response:
        """Send a picture as one, and any other file as bytes to save."""
        number = int(request.match_info["number"])
        file = next((file for file in (await self._view(request)).files if file.number == number), None)
        if file is None:
            raise web.HTTPNotFound(text="This mail has no such part.")
        kind = "inline" if file.media_type and "save" not in request.query else "attachment"
        disposition = f"{kind}; filename*=UTF-8''{quote(file.name, safe='')}"
        return web.Response(
            body=file.content,
            content_type=file.media_type or "application/octet-stream",
            headers={"Content-Disposition": disposition, "Cache-Control": "private, max-age=3600"},
        )

    async def source(self, request: web.Request) -> web.Response:
        """Send a mail byte for byte."""
        headers = {"Content-Disposition": 'attachment; filename="mail.eml"'}
        return web.Response(body=await self._content(request), content_type="message/rfc822", headers=headers)

    async def news(self, request: web.Request) -> web.Response:
        """Answer with the newest mail's UID as soon as there is one above `after`."""
        account = self._sessions.account(request)
        after = request.query.get("after", "")
        if not after.isdecimal() or len(after) > 9:
            raise web.HTTPBadRequest(text="after is the UID of the newest mail that is known.")
        return web.json_response({"newest": await self._accounts.newer(account, int(after), NEWS_SECONDS)})

    async def _view(self, request: web.Request) -> MailView:
        return await asyncio.to_thread(view, await self._content(request))

    async def _content(self, request: web.Request) -> bytes:
        account = self._sessions.account(request)
        folder, uid = request.match_info["folder"], int(request.match_info["uid"])
        content = await self._accounts.open(account, folder, uid)
        if content is None:
            raise web.HTTPNotFound(text="This mail is not here any more.")
        return content
