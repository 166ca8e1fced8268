"""Mark the sentences that people get by mail, which `mailbot/locales/` translates."""

from __future__ import annotations


def gettext_noop(message: str) -> str:
    """Return a message as it is, for the catalogues to have it: it is translated where it is written."""
    return message
