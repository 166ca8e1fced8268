"""Declare what is asked of a mail's thread to read its wish to teach."""

from __future__ import annotations

from typing import Protocol

from mailbot.parsing.mail_parser import StyleRequest
from mailbot.teaching.wishes.outside_wishes import NamingThread


class EarlierMail(NamingThread, Protocol):
    """Tell what a mail and the earlier one of its thread ask for; `MailThread` does."""

    def asks_nothing(self, request: StyleRequest) -> bool:
        """Tell whether the text of a mail with a picture asks for no painting."""

    def names_no_style(self, request: StyleRequest) -> bool:
        """Tell whether a mail's photo is to be painted in the default style."""

    async def before(self, request: StyleRequest) -> StyleRequest | None:
        """Return the mail with the photos of the thread, None if none is kept."""
