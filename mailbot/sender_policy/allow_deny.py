"""Apply the allow and deny lists of the config.

Addresses are compared in lower case: no provider distinguishes `Ann@` from `ann@`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from fnmatch import fnmatchcase

from mailbot.parsing.headers import without_tag


def listed(address: str, patterns: Iterable[str]) -> bool:
    """Tell whether a pattern matches the address: the address, `@its.domain`, or `*@*.domain` as in a shell.

    `ann@example.org` also matches `ann+photos@example.org`; `@example.org` does not match its subdomains.
    """
    names = (address.lower(), without_tag(address))
    wanted = (f"*{pattern}" if pattern.startswith("@") else pattern for pattern in map(str.lower, patterns))
    return any(fnmatchcase(name, pattern) for pattern in wanted for name in names)


def welcome(senders: Collection[str], allow: Collection[str], deny: Collection[str]) -> bool:
    """Tell whether the lists let in a mail of these senders. Deny wins.

    An allow list that is not empty must name each of them, since the answer goes to one of them. So a mail in
    a friend's name gets no answer at another person's `Reply-To`.
    """
    if any(listed(sender, deny) for sender in senders):
        return False
    return not allow or all(listed(sender, allow) for sender in senders)
