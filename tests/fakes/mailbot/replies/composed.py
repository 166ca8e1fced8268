"""Answers for a test: composed of requests and results, and read as a mail program does."""

from __future__ import annotations

import email
from collections.abc import Sequence
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from mailbot.parsing.mail_parser import StyleRequest, parse_email
from mailbot.replies import letters
from mailbot.replies.mime import ReplyContext
from styles.contract import StyleJob, StyleOptions, StyleResult, StyleSummary
from styles.errors import PainterError
from tests.fakes.mailbot.mails import STYLES, mail, photo
from tests.fakes.mailbot.replies.results import reply_results

BOT = "bot@painter.example"
DATE = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ID = "<painted.1@painter.example>"
EMAILS = sorted((Path(__file__).parents[3] / "emails").glob("*.eml"))
PHONE = "15551230001@mms.att.net"


def result(number: int = 1, style: str = "starry-night", **fields: Any) -> StyleResult:
    values: dict[str, Any] = {
        "image": photo(seed=9),
        "version": 1,
        "seconds": 0.1,
        "runner": "runner-0",
    } | fields
    return StyleResult(job_id=f"m1-{number}", style=style, **values)


def asks(subject: str = "starry night", photos: int = 1, **fields: str) -> StyleRequest:
    images = [(f"IMG_{n}.jpg", photo(seed=n)) for n in range(1, photos + 1)]
    return parse_email(mail(subject, "", images, **fields))


def about(request: StyleRequest, styles: Sequence[StyleSummary] = STYLES, *, id: str = ID) -> ReplyContext:
    return ReplyContext(request=request, bot_address=BOT, styles=styles, message_id=id, date=DATE)


def painted(
    request: StyleRequest, *results: StyleResult | PainterError, id: str = ID, **options: Any
) -> bytes:
    results = results or (result(),)
    jobs = [job(r.style if isinstance(r, StyleResult) else "starry-night", **options) for r in results]
    return reply_results(about(request, id=id), jobs, results)


def job(style: str = "starry-night", **options: Any) -> StyleJob:
    return StyleJob(id="m1-1", style=style, image=b"", options=StyleOptions(**options), sheet=not style)


def refused(error: PainterError, request: StyleRequest | None = None) -> bytes:
    return letters.reply_error(about(request or asks()), error)


def read(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=policy.default)
    assert not [defect for part in message.walk() for defect in part.defects]
    return message


def words(raw: bytes, kind: str = "plain") -> str:
    body = read(raw).get_body((kind,))
    assert body is not None
    content: str = body.get_content()
    return content


def pictures(raw: bytes) -> dict[str, bytes]:
    found = (part for part in read(raw).walk() if part.get_content_maintype() == "image")
    return {part.get_filename() or "": part.get_content() for part in found}


def assert_on_the_wire(raw: bytes) -> None:
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert raw.isascii()
