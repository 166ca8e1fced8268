"""Send a photo to the bot as anyone would, and wait for the answer on the embedded mail server.

`mailbot send` uses it to try a system out from a terminal. Answers can only be waited for on the embedded
mail server, where every address is an account. Elsewhere they arrive in the sender's own mail.
"""

from __future__ import annotations

import contextlib
import email
import imaplib
import mimetypes
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import localtime, make_msgid
from itertools import chain, count
from pathlib import Path

import aiosmtplib

from mailbot.config import Mail, Smtp
from mailbot.outbox import sender_of
from mailbot.replies.mime import FOLLOWED
from mailbot.transport.answer_sender import Outgoing, ReplyRejected
from mailbot.transport.credentials import Credentials

#: Seconds between two looks into the sender's inbox.
LOOK_SECONDS = 0.3
#: Seconds in which the further parts of an answer come. The bot sends all of them at once.
PARTS_SECONDS = 1.0


class MailNotTaken(Exception):
    """Report that the SMTP server does not take the mail, or does not answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedReply:
    """Hold an answer's text and its pictures with their names."""

    text: str
    pictures: tuple[tuple[str, bytes], ...]


def compose(
    sender: str,
    to: str,
    subject: str,
    text: str = "",
    files: Iterable[tuple[str, bytes]] = (),
    answered: Sequence[str] = (),
) -> EmailMessage:
    """Write a mail as a person does: the style in the subject, the photos attached by name and content.

    `answered` are the Message-IDs of the thread, the last one that of the mail it answers.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = localtime()
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    if answered:
        message["In-Reply-To"] = answered[-1]
        message["References"] = " ".join(answered)
    message.set_content(text)
    for name, content in files:
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        maintype, _, subtype = kind.partition("/")
        message.add_attachment(content, maintype=maintype, subtype=subtype, filename=name)
    return message


async def submit(message: EmailMessage, settings: Smtp, credentials: Credentials) -> None:
    """Hand a mail to the server that takes the bot's answers too. Raises `MailNotTaken`."""
    sender = sender_of(settings, credentials, str(message["From"]))
    try:
        await sender.send(Outgoing(recipient=str(message["To"]), content=message.as_bytes()))
    except (aiosmtplib.SMTPException, OSError, ReplyRejected) as error:
        raise MailNotTaken(f"The mail could not be handed in: {error} Is the system running?") from error
    finally:
        await sender.hang_up()


def answers(mail: Mail, account: str, message_id: str, seconds: float) -> Iterator[ReceivedReply]:
    """Yield each answer to `message_id` in an account of the embedded server, for some seconds.

    It ends after `seconds`, or `PARTS_SECONDS` after the first mail that is no notice of a long wait: the
    other parts of an answer come at once.
    """
    deadline = time.monotonic() + seconds
    seen: set[str] = set()
    while time.monotonic() < deadline:
        for raw in _new_mails(mail, account, seen):
            message = email.message_from_bytes(raw, policy=SMTP)
            if str(message["In-Reply-To"] or "").strip() == message_id:
                if message[FOLLOWED] is None:
                    deadline = min(deadline, time.monotonic() + PARTS_SECONDS)
                yield _read(message)
        time.sleep(LOOK_SECONDS)


def save(answer: ReceivedReply, folder: Path) -> list[Path]:
    """Save the answer's pictures and return their paths. A name that is taken gets a number."""
    return [_saved(folder / name, content) for name, content in answer.pictures]


def _saved(wanted: Path, content: bytes) -> Path:
    numbered = (wanted.with_name(f"{wanted.stem}-{number}{wanted.suffix}") for number in count(2))
    for path in chain([wanted], numbered):
        with contextlib.suppress(FileExistsError), path.open("xb") as file:
            file.write(content)
            return path
    raise AssertionError  # numbers do not end


def _new_mails(mail: Mail, account: str, seen: set[str]) -> list[bytes]:
    """Fetch the mails of an account whose numbers are not in `seen`."""
    with imaplib.IMAP4(mail.local.host, mail.local.imap_port, timeout=10) as imap:
        imap.login(account, mail.local.password)
        imap.select("INBOX", readonly=True)
        numbers = [n for n in imap.search(None, "ALL")[1][0].decode().split() if n not in seen]
        fetched = [part for n in numbers for part in imap.fetch(n, "(BODY.PEEK[])")[1]]
    seen.update(numbers)
    return [part[1] for part in fetched if isinstance(part, tuple)]


def _read(message: EmailMessage) -> ReceivedReply:
    body = message.get_body(("plain",))
    images = [part for part in message.walk() if part.get_content_maintype() == "image"]
    # If pictures are attached, those shown in the letter are only previews.
    images = [part for part in images if part.get_content_disposition() == "attachment"] or images
    pictures = [(_safe(part.get_filename() or ""), part.get_payload(decode=True)) for part in images]
    return ReceivedReply(
        text=str(body.get_content()).strip() if body else "",
        pictures=tuple((name, content) for name, content in pictures if isinstance(content, bytes)),
    )


def _safe(name: str) -> str:
    """Return a file name without a path and without characters that a terminal acts on."""
    return re.sub(r"[^\w.\- ]", "_", Path(name).name) or "painted.jpg"
