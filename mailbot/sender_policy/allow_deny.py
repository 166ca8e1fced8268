"""Who is on a list of the config.

    listed        whether an address is on a list of addresses, `@domain`s and shell patterns
    welcome       whether the lists let a mail of these senders in

Both compare without regard to case: no provider tells `Ann@` from `ann@`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from fnmatch import fnmatchcase

from mailbot.parsing.headers import without_tag


def listed(address: str, patterns: Iterable[str]) -> bool:
    """Whether one of the patterns means this address: itself, `@its.domain`, or `*@*.domain` as in a shell.

    `ann@example.org` means `ann+photos@example.org` as well; `@example.org` does not mean its subdomains.
    """
    names = (address.lower(), without_tag(address))
    wanted = (f"*{pattern}" if pattern.startswith("@") else pattern for pattern in map(str.lower, patterns))
    return any(fnmatchcase(name, pattern) for pattern in wanted for name in names)


def welcome(senders: Collection[str], allow: Collection[str], deny: Collection[str]) -> bool:
    """Deny wins; an allow list that is not empty must name each of the mail's senders.

    Each, since the answer goes to one of them: a mail in a friend's name with a stranger's `Reply-To` is
    not the friend's.
    """
    if any(listed(sender, deny) for sender in senders):
        return False
    return not allow or all(listed(sender, allow) for sender in senders)
