"""Make requests from the subject and the text of a mail, with photos."""

from __future__ import annotations

from mailbot.parsing.mail_parser import StyleRequest, parse_email
from tests.fakes.mailbot.mails import mail, photo


def asks(subject: str = "", text: str = "", photos: int = 1, **fields: str) -> StyleRequest:
    """Return the request of a mail with so many photos."""
    images = [(f"{n}.jpg", photo(seed=n)) for n in range(photos)]
    return parse_email(mail(subject, text, images, **fields))
