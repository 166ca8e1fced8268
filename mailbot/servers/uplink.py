"""How long a mail takes to be sent, by whichever protocol."""

from __future__ import annotations

#: Bytes a second; a slow uplink has four times that.
UPLINK = 16_000


def sending(mail: bytes) -> float:
    """How much longer than for a command there may be patience for `mail`, seconds."""
    return len(mail) / UPLINK
