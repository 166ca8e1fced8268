"""What of a server's refusals is final; `tests/mailbot/test_outbox.py` has the sender at a real server."""

from __future__ import annotations

import aiosmtplib
import pytest

from mailbot.transport.answer_sender import ReplyRejected
from mailbot.transport.smtp_sender import raise_if_final


def test_only_5xx_is_final() -> None:
    for code in (421, 450, 451, 452):
        raise_if_final(aiosmtplib.SMTPResponseException(code, "later"))
    with pytest.raises(ReplyRejected):
        raise_if_final(aiosmtplib.SMTPResponseException(554, "never"))


@pytest.mark.parametrize("words", ["5.7.139 SMTP AUTH is off", "5.4.5 Daily limit exceeded", "5.7.57 log in"])
def test_what_is_about_the_bot_is_not_final(words: str) -> None:
    raise_if_final(aiosmtplib.SMTPResponseException(550, words))
