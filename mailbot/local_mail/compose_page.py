"""Write a mail on the page: a photo, a style by its preview, and words; and have it delivered."""

from __future__ import annotations

import asyncio
import contextlib
import re
from dataclasses import dataclass, field
from email.utils import getaddresses
from urllib.parse import parse_qs, unquote

from aiohttp import ClientError, ClientSession, web
from aiohttp.web import FileField
from pymap.parsing.specials.flag import Seen

from mailbot.config import MailbotConfigFile
from mailbot.local_mail.accounts import SENT, Accounts
from mailbot.local_mail.mail_view import MailView, view
from mailbot.local_mail.page_renderer import PageRenderer
from mailbot.local_mail.sessions import ADDRESS, MailboxSessions
from mailbot.parsing import headers
from mailbot.send_test_photo import compose
from registry.client import RegistryClient
from styles.contract import StyleSummary
from styles.errors import RegistryUnavailable
from styles.service.units import size

#: A mail's number in a folder, as the paths of the pages have it.
UID = re.compile(r"[0-9]{1,9}")
#: Recipients of one mail.
MAX_RECIPIENTS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class MailDraft:
    """Hold what the form shows and sends."""

    to: str
    subject: str = ""
    text: str = ""
    style: str = ""
    thread: tuple[str, ...] = ()  #: Message-IDs, of a mail that is answered
    photos: list[tuple[str, bytes]] = field(default_factory=list)


class NotSent(ValueError):
    """Report a mail that cannot be sent as it is, with the sentence for the person."""


class ComposePages:
    """Show the form, and send what it holds."""

    def __init__(
        self,
        config: MailbotConfigFile,
        limit: int,
        accounts: Accounts,
        sessions: MailboxSessions,
        renderer: PageRenderer,
        registry: RegistryClient,
        http: ClientSession,
    ) -> None:
        self._bot = config.mail.address
        self._limit = limit
        self._registry_url = config.registry.url
        self._accounts = accounts
        self._sessions = sessions
        self._renderer = renderer
        self._registry = registry
        self._http = http

    def routes(self) -> list[web.RouteDef]:
        """List the routes."""
        return [
            web.get("/write", self.form),
            web.post("/write", self.send),
            web.get("/styles/{name}", self.preview),
        ]

    async def form(self, request: web.Request) -> web.Response:
        """Show the form: empty, for an answer (`?folder=&uid=`), or as a link wrote it (`?mailto=`)."""
        account = self._sessions.account(request)
        if "mailto" in request.query:
            return await self._form(account, self._linked(request.rel_url.raw_query_string))
        folder, uid = request.query.get("folder", ""), request.query.get("uid", "")
        content = await self._accounts.open(account, folder, int(uid)) if UID.fullmatch(uid) else None
        draft = MailDraft(to=self._bot)
        if content is not None:
            draft = _answer(await asyncio.to_thread(view, content))
        return await self._form(account, draft)

    async def send(self, request: web.Request) -> web.StreamResponse:
        """Deliver the mail, keep a copy, and go there to wait for the answer."""
        account = self._sessions.account(request)
        draft = MailDraft(to=self._bot)
        try:
            try:
                draft = await self._read(request)
            except web.HTTPRequestEntityTooLarge as error:
                raise NotSent(f"These photos are too large: a mail may have {size(self._limit)}.") from error
            recipients, mail = await asyncio.to_thread(_composed, account, draft)
        except NotSent as error:
            return await self._form(account, draft, wrong=str(error))
        uid = await self._accounts.put(account, SENT, mail, Seen)
        await self._accounts.deliver(recipients, mail)
        raise web.HTTPSeeOther(f"/mail/{SENT}/{uid}?wait")

    async def preview(self, request: web.Request) -> web.Response:
        """Pass a style's preview on from the registry."""
        self._sessions.account(request)
        name = request.match_info["name"]
        style = next((style for style in await self._styles() if style.name == name and style.preview), None)
        if style is None:
            raise web.HTTPNotFound(text="There is no preview of this style.")
        with contextlib.suppress(ClientError, TimeoutError):
            async with self._http.get(self._registry_url + style.preview) as answer:
                if answer.status == 200:
                    caching = {"Cache-Control": "private, max-age=3600"}
                    return web.Response(
                        body=await answer.read(), content_type=answer.content_type, headers=caching
                    )
        raise web.HTTPBadGateway(text="The registry does not send the preview.")

    async def _form(self, account: str, draft: MailDraft, wrong: str = "") -> web.Response:
        return await self._renderer.mailbox(
            "write.html",
            account,
            status=400 if wrong else 200,
            shown=None,
            draft=draft,
            wrong=wrong,
            styles=await self._styles(),
            limit=self._limit,
        )

    async def _styles(self) -> list[StyleSummary]:
        try:
            return await self._registry.styles()
        except RegistryUnavailable:
            return []  # it starts after this server

    async def _read(self, request: web.Request) -> MailDraft:
        """Read the form. Raises `HTTPRequestEntityTooLarge`."""
        form = await request.post()
        words = {name: value for name, value in form.items() if isinstance(value, str)}
        photos = [
            (headers.file_name(value.filename) or "photo", value.file.read())
            for value in form.getall("photos", [])
            if isinstance(value, FileField) and value.filename
        ]
        return MailDraft(
            to=words.get("to", ""),
            subject=headers.clean(words.get("subject", "")) or words.get("style", ""),
            text=words.get("text", ""),
            style=words.get("style", ""),
            thread=headers.ids(words.get("thread", "")),
            photos=photos,
        )

    def _linked(self, query: str) -> MailDraft:
        """Read a `mailto:` link (RFC 6068), as the bot's answers have them."""
        to, _, asked = query.partition("mailto=")[2].partition("?")
        asked = asked.replace("+", "%2B")  # which is no space, unlike in a form
        fields = {name.lower(): values[0] for name, values in parse_qs(asked).items()}
        return MailDraft(
            to=unquote(to) or self._bot,
            subject=headers.clean(fields.get("subject", "")),
            text=fields.get("body", ""),
            thread=headers.ids(fields.get("in-reply-to", "")),
        )


def _answer(mail: MailView) -> MailDraft:
    subject = mail.heading.subject
    subject = subject if subject.lower().startswith("re:") else f"Re: {subject}"
    return MailDraft(to=mail.reply_to, subject=subject, thread=mail.thread)


def _composed(account: str, draft: MailDraft) -> tuple[list[str], bytes]:
    """List the recipients of a draft, and write its mail. Raises `NotSent`."""
    recipients = [address for _, address in getaddresses([draft.to]) if address]
    if not recipients or not all(map(ADDRESS.fullmatch, recipients)):
        raise NotSent("To whom? A mail address has a name, an @ and a domain.")
    if len(recipients) > MAX_RECIPIENTS:
        raise NotSent(f"A mail from this page goes to at most {MAX_RECIPIENTS} addresses.")
    if not (draft.photos or draft.text.strip() or draft.subject):
        raise NotSent("This mail is empty: add a photo, or some words.")
    try:
        to = ", ".join(recipients)
        mail = compose(account, to, draft.subject, draft.text, draft.photos, draft.thread)
        return recipients, mail.as_bytes()
    except (ValueError, UnicodeError) as error:
        raise NotSent(f"This mail cannot be written: {error}") from error
