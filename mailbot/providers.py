"""List the servers of the large mail providers, so that `[mail] provider = "gmail"` is all that is needed.

A key of [mail.imap] or [mail.smtp] that differs from the shipped one takes precedence over these values.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """Describe one provider. All of them speak IMAP over TLS at port 993, as config.toml ships."""

    imap_host: str
    smtp_host: str
    smtp_port: int = 587
    smtp_tls: str = "starttls"
    auth: str = "password"
    #: Bytes on the wire of the largest mail that the provider sends, guessed with care if unpublished.
    message_bytes: int
    #: Hint for a refused login.
    login: str
    #: Where the client of `mailbot login` comes from, and its options; "" where no token is needed.
    client: str = ""
    client_options: str = ""
    #: Whether the IMAP username is the part of the address before the @.
    short_imap_username: bool = False

    def imap(self, address: str) -> dict[str, object]:
        """Return the values for [mail.imap]."""
        username = address.rpartition("@")[0] if self.short_imap_username else address
        return {"host": self.imap_host, "username": username, "auth": self.auth}

    def smtp(self, address: str) -> dict[str, object]:
        """Return the values for [mail.smtp]."""
        place = {"host": self.smtp_host, "port": self.smtp_port, "tls": self.smtp_tls}
        return place | {"username": address, "auth": self.auth}


#: Answers that go by an SMTP server in a day. Gmail's limit is 500; some are left for the account's owner.
SENDS_PER_DAY = {"smtp.gmail.com": 400}

#: Where answers go by Microsoft Graph. National clouds have other hosts.
GRAPH: dict[str, object] = {"host": "graph.microsoft.com", "port": 443, "tls": "tls", "auth": "xoauth2"}
#: Bytes of a mail by Graph: a request has 4 MB (learn.microsoft.com, “user: sendMail”), and base64 makes
#: 4 bytes of 3.
GRAPH_BYTES = 2_950_000

_ENTRA = (
    "Its client ID is that of an application which you register once, for free: at "
    "https://entra.microsoft.com, under App registrations, for {whom}. Under Authentication allow public "
    "client flows. Its overview has the ID"
)
#: Domains at which nobody has a mailbox (RFC 2606, RFC 6761, RFC 6762), and names of machines.
_NOWHERE = re.compile(
    r"(?:.*\.)?(?:example(?:\.com|\.net|\.org)?|test|invalid|localhost|local|internal)|[^.]+", re.IGNORECASE
)

#: By the word of the config; above each are the pages that say so, as of November 2026.
PROVIDERS = {
    # support.google.com/mail/answer/7126229, and 22839: 25 MB, 500 mails a day
    "gmail": Provider(
        imap_host="imap.gmail.com",
        smtp_host="smtp.gmail.com",
        auth="",  # by password or token, as the account has it
        message_bytes=25_000_000,
        login="Google takes a token, or an app password: https://myaccount.google.com/apppasswords",
    ),
    # support.microsoft.com/office/d088b986-291d-42b8-9564-9c414e2aa040
    "outlook": Provider(
        imap_host="outlook.office365.com",
        smtp_host="smtp-mail.outlook.com",
        auth="xoauth2",
        message_bytes=20_000_000,
        login="Microsoft takes tokens alone, and IMAP must be switched on in Outlook.com's settings",
        client=_ENTRA.format(whom="personal accounts"),
        client_options="--client-id ID",
    ),
    # learn.microsoft.com: “Authenticate an IMAP, POP or SMTP connection using OAuth”, and the service limits
    "microsoft365": Provider(
        imap_host="outlook.office365.com",
        smtp_host="smtp.office365.com",
        auth="xoauth2",
        message_bytes=35_000_000,
        login="Microsoft takes tokens alone, and the mailbox must allow IMAP and authenticated SMTP",
        client=_ENTRA.format(whom="your tenant"),
        client_options="--client-id ID --tenant TENANT",
    ),
    # www.fastmail.help/hc/en-us/articles/1500000278342
    "fastmail": Provider(
        imap_host="imap.fastmail.com",
        smtp_host="smtp.fastmail.com",
        smtp_port=465,
        smtp_tls="tls",
        message_bytes=50_000_000,
        login="Fastmail takes an app password (Settings, Privacy & Security), not the account's own",
    ),
    # support.apple.com/en-us/102525, and 102198: 20 MB, 1,000 mails a day
    "icloud": Provider(
        imap_host="imap.mail.me.com",
        smtp_host="smtp.mail.me.com",
        message_bytes=20_000_000,
        login="Apple takes an app-specific password, not the account's own: https://account.apple.com",
        short_imap_username=True,
    ),
    # help.yahoo.com/kb/SLN4075.html
    "yahoo": Provider(
        imap_host="imap.mail.yahoo.com",
        smtp_host="smtp.mail.yahoo.com",
        smtp_port=465,
        smtp_tls="tls",
        message_bytes=25_000_000,
        login="Yahoo takes an app password (Account Security), not the account's own",
    ),
}


def is_to_play_with(address: str) -> bool:
    """Tell whether nobody can have a mailbox with an address, such as bot@painter.example."""
    return _NOWHERE.fullmatch(address.rpartition("@")[2]) is not None
