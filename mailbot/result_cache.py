"""Photos that were painted for a mail while another of its photos must wait: they are not painted again.

In memory alone, and only so much of it: what has no room is painted once more when its mail is taken up.
"""

from __future__ import annotations

from styles.contract import StyleResult

#: Bytes of pictures that are kept in all; an answer has 17 MB at most, a hundred ordinary ones.
ROOM = 64_000_000


class ResultCache:
    """Painted photos by mail and job; the mail that waits longest loses its own first."""

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._kept: dict[int, tuple[str, dict[str, StyleResult]]] = {}

    def __len__(self) -> int:
        """For how many mails something is kept."""
        return len(self._kept)

    def get(self, message: int, job: str) -> StyleResult | None:
        """The photo of that job, if it is here."""
        return self._kept[message][1].get(job) if message in self._kept else None

    def put(self, message: int, author: str, result: StyleResult) -> None:
        """Keep a photo of a mail that `author` wrote."""
        self._kept.setdefault(message, (author, {}))[1][result.job_id] = result
        while self._bytes > self._room:
            del self._kept[next(iter(self._kept))]

    def drop(self, message: int) -> None:
        """The mail is done with."""
        self._kept.pop(message, None)

    def drop_of(self, author: str) -> None:
        """The author wants nothing of theirs kept."""
        self._kept = {number: kept for number, kept in self._kept.items() if kept[0] != author}

    @property
    def _bytes(self) -> int:
        results = (result for _, jobs in self._kept.values() for result in jobs.values())
        return sum(len(result.image) + len(result.preview) for result in results)
