"""Send answers by Microsoft Graph, for mailboxes that may not send by SMTP.

    POST /v1.0/me/sendMail, text/plain, the mail in base64      202: Exchange has taken it

The mail is the same as by SMTP, byte for byte. Exchange sends it to its `To`, and files a copy of it.
“Security defaults” of a Microsoft tenant, which new ones have, switch SMTP off and leave Graph on.
"""

from __future__ import annotations

import base64
import io
import json
import ssl
from email import policy
from email.parser import BytesHeaderParser
from email.utils import getaddresses
from urllib.parse import quote

import aiohttp

from mailbot.config import Smtp
from mailbot.transport.answer_sender import Outgoing, ReplyRejected, TryLater
from mailbot.transport.credentials import Credentials, Password
from mailbot.transport.smtp import TAKING, sending
from mailbot.transport.tls import Untrusted, advice
from styles.service.config import http_url
from styles.service.sanitize import shown

#: Codes which say that this mail can never be sent. All others may pass, most of them by the operator's hand.
FINAL = frozenset(
    (
        "ErrorInvalidRecipients",
        "ErrorMessageSizeExceeded",
        "ErrorMimeContentConversionFailed",
        "ErrorMimeContentInvalid",
        "ErrorMimeContentInvalidBase64String",
    )
)
#: Status of a mail over Graph's 4 MB.
TOO_LARGE = 413
#: Characters of Microsoft's sentence that the ledger keeps.
MOST_WORDS = 300
#: Bytes of an answer that are read.
MOST_ANSWER = 65_536


class GraphError(TryLater):
    """Report an answer of Graph that is not about the mail."""


class GraphSender:
    """See `AnswerSender`."""

    keeps = False

    def __init__(self, settings: Smtp, credentials: Credentials, timeout: float) -> None:
        if isinstance(credentials, Password):
            raise TypeError("Graph takes no password")
        self._settings = settings
        self._token = credentials
        self._timeout = timeout
        scheme = "http" if settings.tls == "none" else "https"
        root = http_url(settings.host, settings.port).replace("http", scheme, 1)
        # An application has no mailbox of its own, and names one.
        user = f"users/{quote(settings.username)}" if settings.username else "me"
        self._url = f"{root}/v1.0/{user}/sendMail"
        self._session: aiohttp.ClientSession | None = None

    @property
    def is_open(self) -> bool:
        """See `AnswerSender`."""
        return False  # aiohttp closes unused connections itself, and `hang_up` would cut mails under way

    async def send(self, answer: Outgoing) -> str:
        """See `AnswerSender`."""
        _require_only_recipient(answer.content, answer.recipient)
        body = base64.b64encode(answer.content)
        token = await self._token.get()
        said = await self._post(body, token)
        if said[0] == 401:
            said = await self._post(body, await self._token.get(refused=token))
        if said[0] != 202:
            raise _error(*said)
        return ""

    async def hang_up(self) -> None:
        """See `AnswerSender`."""
        session, self._session = self._session, None
        if session:
            await session.close()

    async def _post(self, body: bytes, token: str) -> tuple[int, float, bytes]:
        """Return the status, the seconds of Retry-After and the first bytes of the answer."""
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "text/plain"}
        # As by SMTP: whoever gives up early sends a mail twice that was taken.
        seconds = TAKING * self._timeout + sending(body)
        timeout = aiohttp.ClientTimeout(total=seconds, sock_connect=self._timeout)
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=self._context()))
        pieces = io.BytesIO(body)  # aiohttp sends a file in pieces, but bytes at once
        try:
            async with self._session.post(
                self._url, data=pieces, headers=headers, timeout=timeout, allow_redirects=False
            ) as answer:
                asked = answer.headers.get("Retry-After", "")
                wait = float(asked) if asked.isdecimal() and len(asked) < 6 else 0.0
                # A mail that was taken stays taken, even if the rest of the answer is lost.
                said = b"" if answer.status == 202 else await _read(answer.content)
                return answer.status, wait, said
        except (aiohttp.ClientError, TimeoutError) as error:
            if words := advice(error, "mail.smtp"):
                raise Untrusted(words) from error
            raise GraphError(f"no answer: {type(error).__name__}") from error

    def _context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self._settings.ca_file)


async def _read(content: aiohttp.StreamReader) -> bytes:
    """Read an answer's first `MOST_ANSWER` bytes, in however many pieces they come."""
    found = b""
    while len(found) < MOST_ANSWER and (piece := await content.read(MOST_ANSWER - len(found))):
        found += piece
    return found


def _require_only_recipient(content: bytes, recipient: str) -> None:
    """Raise `ReplyRejected` unless the mail is for `recipient` alone: Graph looks at its headers."""
    headers = BytesHeaderParser(policy=policy.default).parsebytes(content)
    named = [str(value) for name in ("To", "Cc", "Bcc") for value in headers.get_all(name, [])]
    if [address for _, address in getaddresses(named)] != [recipient]:
        raise ReplyRejected("the answer's headers do not name its recipient alone")


def _error(status: int, retry_after: float, body: bytes) -> Exception:
    """Return the error to raise for an answer that is not 202."""
    try:
        error = json.loads(body)["error"]
        code, words = str(error["code"]), str(error.get("message", ""))
    except (ValueError, KeyError, TypeError, AttributeError):
        code = words = ""
    said = shown(" ".join(filter(None, (str(status), code, words))), MOST_WORDS)
    if status == TOO_LARGE or code in FINAL:
        return ReplyRejected(said)
    return GraphError(said, retry_after)
