"""Let people into the mailbox of any address by the one password, and keep other sites out.

Other pages in the same browser can reach this server. So a request must name it by a number or as localhost,
since a foreign name could be made to point here. A form must come from one of its own pages.
"""

from __future__ import annotations

import hmac
import ipaddress
import re
import secrets

from aiohttp import web
from aiohttp.typedefs import Handler

from mailbot.config import Local
from mailbot.local_mail.accounts import Accounts
from mailbot.local_mail.page_renderer import PageRenderer
from styles.service.bounded_dict import BoundedDict

#: Name of the cookie. Cookies of one host go to all its ports, so it must differ from the registry's.
COOKIE = "local_mail_session"
#: Sessions that stay open. Over it the one that was opened first ends.
MAX_SESSIONS = 1000
#: The address that the form suggests, as `mailbot send` has it.
SUGGESTED = "you@painter.example"
#: A mail address, well enough for this server.
ADDRESS = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+")


class MailboxSessions:
    """Keep the open sessions in memory: like the mails, they end with the process."""

    def __init__(self, local: Local, accounts: Accounts, renderer: PageRenderer) -> None:
        self._local = local
        self._accounts = accounts
        self._renderer = renderer
        self._open: BoundedDict[str, str] = BoundedDict(MAX_SESSIONS)

    def routes(self) -> list[web.RouteDef]:
        """List the routes."""
        return [
            web.get("/login", self.show_login),
            web.post("/login", self.login),
            web.post("/logout", self.logout),
        ]

    @web.middleware
    async def guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refuse what a page of another site may have sent."""
        self._require_own_name(request)
        if request.method == "POST":
            _require_own_form(request)
        return await handler(request)

    def account(self, request: web.Request) -> str:
        """Return the account that is open. Raises a redirect to the login where there is none."""
        account = self._open.get(request.cookies.get(COOKIE, ""))
        if account is None:
            raise web.HTTPSeeOther("/login")
        return account

    async def show_login(self, request: web.Request) -> web.Response:
        """Show the form. The password that everybody knows is filled in."""
        return self._form("", SUGGESTED)

    async def login(self, request: web.Request) -> web.Response:
        """Open the mailbox of an address."""
        form = await request.post()
        address, password = (str(form.get(name, "")).strip() for name in ("address", "password"))
        if not ADDRESS.fullmatch(address):
            return self._form("This is no mail address: it has a name, an @ and a domain.", address)
        if not hmac.compare_digest(password.encode(), self._local.password.encode()):
            return self._form("Wrong password. It is in config.toml, below [mail.local].", address)
        secret = secrets.token_urlsafe()
        self._open[secret] = self._accounts.account(address)
        response = web.Response(status=303, headers={"Location": "/"})
        response.set_cookie(COOKIE, secret, httponly=True, samesite="Strict")
        return response

    async def logout(self, request: web.Request) -> web.Response:
        """Forget the session."""
        self._open.pop(request.cookies.get(COOKIE, ""), None)
        return web.Response(status=303, headers={"Location": "/login"})

    def _form(self, wrong: str, address: str) -> web.Response:
        shipped = Local().password
        known = shipped if self._local.password == shipped else ""
        status = 403 if wrong else 200
        return self._renderer.page("login.html", status=status, wrong=wrong, address=address, known=known)

    def _require_own_name(self, request: web.Request) -> None:
        """Raise 421 unless the request names this server by a number, as localhost or as the config does."""
        name = request.url.host or ""
        if name in ("localhost", self._local.host):
            return
        try:
            ipaddress.ip_address(name)
        except ValueError as error:
            raise web.HTTPMisdirectedRequest(text="Open this page by its number or as localhost.") from error


def _require_own_form(request: web.Request) -> None:
    """Raise 403 for a form that another site's page sent."""
    origin = request.headers.get("Origin", "")
    if origin.partition("://")[2] != request.host:
        raise web.HTTPForbidden(text="This came from a page of another site.")
