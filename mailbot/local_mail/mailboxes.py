"""Keep an inbox as pymap does, but lose no news of a mail to a client that waits in IDLE.

pymap waits for the next change. A mail that comes between the last command and IDLE, or while an earlier
change is being reported, is none: the client hears of it with the next mail, or when it ends the IDLE.
"""

from __future__ import annotations

from pymap.backend.dict.mailbox import MailboxData, MailboxSet
from pymap.concurrent import Event
from pymap.selected import SelectedMailbox


class InboxData(MailboxData):
    """Hold the inbox of an account."""

    async def update_selected(
        self, selected: SelectedMailbox, *, wait_on: Event | None = None
    ) -> SelectedMailbox:
        """Bring a client up to date; with `wait_on`, once there is something new or that event is set."""
        if wait_on is not None:
            change = wait_on.or_event(self._updated)  # first of all, so that nothing comes in between
            is_old = selected.mod_sequence is not None and selected.mod_sequence < self._mod_sequences.highest
            if not (is_old or wait_on.is_set()):
                await change.wait()
        return await super().update_selected(selected)


class AccountFolders(MailboxSet):
    """Hold the folders of an account. It is the inbox that clients wait at."""

    def __init__(self) -> None:
        super().__init__()
        self._inbox = InboxData(self._content_cache, self._thread_cache)
