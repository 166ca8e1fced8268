"""Mark the sentences that people get by mail, which `mailbot/locales/` translates."""

from __future__ import annotations


def gettext_noop(message: str) -> str:
    """Return a message as it is, for the catalogues to have it: it is translated where it is written."""
    return message


def ngettext_noop(singular: str, plural: str) -> tuple[str, str]:
    """Return both forms of a message as they are, as `gettext_noop` does."""
    return singular, plural
