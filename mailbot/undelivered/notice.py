"""Tell the sender of a code, where a short text may pass although the pictures did not.

    the way to the phone is closed     the answer itself is the text; no picture is tried
    the pictures came back             one mail with the text, unless the address itself is wrong

Where even the text does not arrive nobody can be told: then `mailbot codes` shows the code to the person who
looks after the bot.
"""

from __future__ import annotations

import re
import sqlite3
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from mailbot.config import Mail
from mailbot.languages.translator import Translator, translator
from mailbot.parsing import carriers
from mailbot.replies.mime import BOT_NAME, POLICY
from mailbot.storage import own_mails
from mailbot.storage.keyed_hash import keyed_hash, secret_of
from mailbot.storage.own_mails import OwnMail
from mailbot.undelivered import one_time_codes
from styles.service.units import DAY

#: Reason of a code for a phone whose gateway takes no mail.
CLOSED = "its gateway is closed"
#: Statuses (RFC 3463) that say of an address that no mail at all reaches it.
_NOBODY = re.compile(r"(?<![\d.])5\.(?:1\.\d+|2\.1|4\.4|7\.1[3-9])(?![\d.])")
#: Statuses that say of the mail that it is too large, or not wanted as it is.
_THIS_MAIL = re.compile(
    r"(?<![\d.])[45]\.(?:2\.[23]|3\.4|6\.\d+|7\.1)(?![\d.])|\b552\b|\btoo (?:large|big|long)\b"
)


def may_pass(recipient: str, why: str) -> bool:
    """Tell whether a short text may arrive where an answer with pictures came back with the words `why`."""
    if carriers.closed_since(recipient) is not None or _NOBODY.search(why):
        return False
    return bool(_THIS_MAIL.search(why.lower())) or carriers.of(recipient) is not None


def keep(db: sqlite3.Connection, mail: Mail, message: int, why: str, now: float) -> str | None:
    """Keep the paintings of `message`, whose answer did not arrive, and tell its sender where that may help.

    Works within a transaction. Returns the code; None if there is nothing to keep.
    """
    query = """SELECT message.dedupe, message.language, outbox.recipient FROM message
        JOIN outbox ON outbox.message = message.id
        WHERE message.id = ? AND message.channel = 'mail'
        AND EXISTS (SELECT 1 FROM recipe WHERE recipe.message = ?)"""
    row = db.execute(query, (message, message)).fetchone()
    if row is None or not mail.keep_days:
        return None
    code = one_time_codes.make(db, message, why[:200], now)
    if code is None or not row["recipient"] or not may_pass(row["recipient"], why):
        return code
    keyed = keyed_hash(secret_of(db), "code", row["dedupe"], digits=40)
    id = f"<{keyed}@{mail.address.rpartition('@')[2]}>"
    say = translator(row["language"])
    content = _mail(say, mail, row["recipient"], id, code, now)
    own = OwnMail(kind="code", message_id=id, recipient=row["recipient"], content=content, language=say.code)
    if own_mails.enqueue(db, own, now):
        db.execute("UPDATE code SET notice = ? WHERE message = ?", (id, message))
    return code


def sentences(say: Translator, bot: str, code: str, until: float) -> tuple[str, str]:
    """Return the text, short enough for a text message or two."""
    return (
        say.gettext("Your painting is ready, but pictures do not reach this address."),
        say.gettext(
            "Mail “{words}” to {bot} from another address by {date}, and it comes there.",
            words=say.gettext("code {code}", code=code),
            bot=bot,
            date=datetime.fromtimestamp(until, UTC).date(),
        ),
    )


def _mail(say: Translator, mail: Mail, recipient: str, id: str, code: str, now: float) -> bytes:
    message = EmailMessage(POLICY)
    message["From"] = Address(BOT_NAME, addr_spec=mail.address)
    message["To"] = Address(addr_spec=recipient)
    message["Subject"] = say.gettext("code {code}", code=code)
    message["Date"] = format_datetime(datetime.fromtimestamp(now, UTC))
    message.set_raw("Message-ID", id)
    message["Auto-Submitted"] = "auto-replied"
    message["X-Auto-Response-Suppress"] = "All"
    message["X-Loop"] = mail.address
    text = "\n\n".join(sentences(say, mail.address, code, now + mail.keep_days * DAY))
    message.set_content(f"{text}\n", cte="quoted-printable")
    return message.as_bytes()
