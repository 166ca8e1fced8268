"""Authenticate writers by a bearer token, or by a session that the login page opened with one.

    POST /login         form: token[, next]   -> 303 to `next`, a path below this address, with the cookie
         /logout                              -> 303 to /, without it

Reading is open. A token belongs to a person and is kept in the store, or it is REGISTRY_UPLOAD_TOKEN of the
environment. The writer of that one is called "operator" and is a maintainer of the registry. Tokens are
compared as hashes and never logged. registry/store/access/roles.py says how far each reaches.

A program sends its token with every request (RFC 6750). A browser has a cookie that no script can read and
that goes to no other site. Its writes must also carry the session's CSRF secret as X-CSRF-Token. They must
not come from another site, as browsers report it (Sec-Fetch-Site, or Origin where that is missing).

A refused login is a problem for programs. Browsers, which accept text/html, get a 303 back to
`/login?refused=token`, or `?refused=wait` after too many, and `&next=` as it was sent.
"""

from __future__ import annotations

import asyncio
import hmac
from urllib.parse import urlencode

from aiohttp import web

from registry.http.rate_limit import RateLimiter
from registry.store.access.roles import BOT, OPERATOR, UnknownPerson, Writer
from registry.store.access.sessions import Session
from registry.store.access.tokens import digest
from registry.store.store import Store
from styles.service.http.cross_site import is_cross_site

#: The cookie's name, and the header of a page's writes.
COOKIE, CSRF = "registry_session", "X-CSRF-Token"
#: Most characters of a path to go on to after a login.
LONGEST_PATH = 500


class Authenticator:
    """Check tokens and sessions, and limit failed attempts."""

    def __init__(
        self, store: Store, environment_token: str = "", bot_token: str = "", *, proxied: bool = False
    ) -> None:
        """Take the store, REGISTRY_UPLOAD_TOKEN and REGISTRY_BOT_TOKEN.

        `proxied`: a reverse proxy sets X-Forwarded-For and X-Forwarded-Proto, which are ignored otherwise.
        """
        self._store = store
        self._environment = digest(environment_token) if environment_token else ""
        self._bot = digest(bot_token) if bot_token else ""
        self._proxied = proxied
        self._rate_limiter = RateLimiter(store.rate_limit_buckets)
        self._one_at_a_time = asyncio.Lock()  # else a thousand attempts at once would count as one

    def routes(self) -> list[web.RouteDef]:
        """List the routes."""
        return [web.post("/login", self.login), web.post("/logout", self.logout)]

    async def writer(self, request: web.Request) -> Writer:
        """Return the person who may write, and how far.

        Raises `HTTPUnauthorized` without a valid token or session, `HTTPForbidden` for a write that another
        site may have made, and `HTTPTooManyRequests` after too many wrong tokens.
        """
        if "Authorization" in request.headers:
            scheme, _, secret = request.headers["Authorization"].partition(" ")
            return await self._holder(request, secret.strip() if scheme.lower() == "bearer" else "")
        session = await self.session(request)
        if session is None:
            raise _unauthorized("This needs a token: send it as Authorization: Bearer TOKEN, or log in.")
        if request.method not in ("GET", "HEAD"):
            self._require_same_site(request)
            shown = request.headers.get(CSRF, "").encode(errors="replace")
            if not hmac.compare_digest(shown, session.csrf.encode()):
                raise web.HTTPForbidden(text=f"The header {CSRF} is not the session's: load the page again.")
        return session.writer

    async def reader(self, request: web.Request) -> Writer | None:
        """Return the person of a request's token or session, if it has one. Raises like `writer`."""
        if "Authorization" in request.headers:
            return await self.writer(request)
        session = await self.session(request)
        return session.writer if session else None

    async def session(self, request: web.Request) -> Session | None:
        """Return the open session of the request's cookie, or None."""
        if not (secret := request.cookies.get(COOKIE)):
            return None
        session = await asyncio.to_thread(self._store.sessions.find, secret)
        if session is not None and session.person == OPERATOR and not self._environment:
            return None  # its token was taken away
        return session

    async def login(self, request: web.Request) -> web.StreamResponse:
        """Open a session for a valid token in the form, and redirect."""
        if request.content_type != "application/x-www-form-urlencoded":
            raise web.HTTPUnsupportedMediaType(text="The login is a form, application/x-www-form-urlencoded.")
        self._require_same_site(request)
        try:
            form = await request.post()
        except (ValueError, LookupError) as error:  # wrong or unknown charset
            raise web.HTTPBadRequest(text=f"The form cannot be read: {str(error)[:100]}") from error
        after = _local_path(str(form.get("next", "/")))
        try:
            writer = await self._holder(request, str(form.get("token", "")).strip())
        except (web.HTTPUnauthorized, web.HTTPTooManyRequests) as error:
            if "text/html" not in request.headers.get("Accept", ""):
                raise
            reason = "token" if error.status == 401 else "wait"
            raise web.HTTPSeeOther(f"/login?{urlencode({'refused': reason, 'next': after})}") from error
        await self._close(request)
        try:
            secret, _ = await self._store.writes(lambda: self._store.sessions.open(writer))
        except UnknownPerson as error:
            raise _unauthorized("This token has just been revoked.") from error
        response = web.Response(status=303, headers={"Location": after})
        https = self._is_https(request)
        response.set_cookie(COOKIE, secret, path="/", httponly=True, samesite="Strict", secure=https)
        return response

    def origin(self, request: web.Request) -> str:
        """Return the beginning of this registry's addresses, as the visitor sees it."""
        return f"{'https' if self._is_https(request) else 'http'}://{request.host}"

    def _is_https(self, request: web.Request) -> bool:
        is_forwarded = request.headers.get("X-Forwarded-Proto") == "https"
        return request.secure or (self._proxied and is_forwarded)

    async def logout(self, request: web.Request) -> web.StreamResponse:
        """Close the session."""
        self._require_same_site(request)
        await self._close(request)
        response = web.Response(status=303, headers={"Location": "/"})
        response.del_cookie(COOKIE, path="/")
        return response

    async def _close(self, request: web.Request) -> None:
        if secret := request.cookies.get(COOKIE):
            await self._store.writes(lambda: self._store.sessions.close(secret))

    async def _holder(self, request: web.Request, secret: str) -> Writer:
        """Return the writer of a token. Raises 401, or 429 after too many wrong ones from the address.

        A valid token never waits, however many wrong ones come from its address.
        """
        if found := await asyncio.to_thread(self._writer_of, secret):
            return found
        address = address_of(request, proxied=self._proxied)
        async with self._one_at_a_time:
            if wait := await asyncio.to_thread(self._rate_limiter.wait, address):
                text = f"Too many wrong tokens came from here. Try again in {wait} s."
                raise web.HTTPTooManyRequests(headers={"Retry-After": str(wait)}, text=text)
            await asyncio.to_thread(self._rate_limiter.failed, address)
        text = "This token is not known, was revoked, or has ended."
        raise _unauthorized(text, 'error="invalid_token"')

    def _writer_of(self, secret: str) -> Writer | None:
        if self._environment and hmac.compare_digest(digest(secret), self._environment):
            return Writer(OPERATOR)
        if self._bot and hmac.compare_digest(digest(secret), self._bot):
            return Writer(BOT, "stage")
        return self._store.tokens.writer(secret)

    def _require_same_site(self, request: web.Request) -> None:
        """Raise 403 for a browser's request from another site's page. Programs send neither header."""
        if is_cross_site(request):
            raise web.HTTPForbidden(text="This came from a page of another site.")


def address_of(request: web.Request, *, proxied: bool) -> str:
    """Return the address of a client; behind a proxy, as the proxy reports it."""
    # The proxy adds the last address; a client may have forged those before it.
    forwarded = request.headers.getall("X-Forwarded-For", [""]) if proxied else [""]
    return forwarded[-1].rpartition(",")[2].strip() or request.remote or ""


def _unauthorized(text: str, more: str = "") -> web.HTTPUnauthorized:
    challenge = 'Bearer realm="registry"' + (f", {more}" if more else "")
    return web.HTTPUnauthorized(headers={"WWW-Authenticate": challenge}, text=text)


def _local_path(path: str) -> str:
    """Return a path below this address, or / for anything else.

    To browsers, // and a backslash lead to another host.
    """
    plain = path.isascii() and path.isprintable() and " " not in path and "\\" not in path
    if plain and len(path) <= LONGEST_PATH and path.startswith("/") and not path.startswith("//"):
        return path
    return "/"
