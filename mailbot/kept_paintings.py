"""Keep the painted photos of a mail while another of its photos must wait, to save painting them again.

Only memory is used, up to a limit. A photo that was dropped is painted again with its mail.
"""

from __future__ import annotations

import asyncio
from hashlib import sha256

from styles.contract import StyleJob, StyleOptions, StyleResult

#: Bytes of all kept pictures. An answer has 17 MB at most, a hundred ordinary ones fit.
ROOM = 64_000_000


#: What a job asks for: style, options, whether it is a sheet, SHA-256 of the photo.
Asked = tuple[str, StyleOptions, bool, str]


class KeptPaintings:
    """Keep painted photos by mail and job, and drop those of the longest waiting mail first.

    A mail is read anew each time, and its jobs have the same ids then. But "surprise me" may be another style
    by now, so a painting is returned only to a job that asks for the same.
    """

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._kept: dict[int, tuple[str, dict[str, tuple[Asked, StyleResult]]]] = {}

    async def get(self, message: int, job: StyleJob) -> StyleResult | None:
        """Return the photo of that job, if it is kept."""
        _, jobs = self._kept.get(message, ("", {}))
        if job.id not in jobs:  # a photo is hashed only where one is kept
            return None
        asked, result = jobs[job.id]
        return result if asked == await asyncio.to_thread(_asked, job) else None

    async def put(self, message: int, author: str, job: StyleJob, result: StyleResult) -> None:
        """Keep a photo of a mail that `author` wrote."""
        asked = await asyncio.to_thread(_asked, job)
        self._kept.setdefault(message, (author.lower(), {}))[1][job.id] = asked, result
        while self._bytes > self._room:
            del self._kept[next(iter(self._kept))]

    def drop(self, message: int) -> None:
        """Drop the photos of a mail that is done."""
        self._kept.pop(message, None)

    def drop_of(self, author: str) -> None:
        """Drop the photos of an author whose photos are deleted, by the address as the ledger knows it."""
        self._kept = {number: kept for number, kept in self._kept.items() if kept[0] != author.lower()}

    @property
    def _bytes(self) -> int:
        results = (result for _, jobs in self._kept.values() for _, result in jobs.values())
        return sum(len(result.image) + len(result.preview) for result in results)


def _asked(job: StyleJob) -> Asked:
    """Return what a job asks for. Blocks while the photo is hashed, about 10 ms for 10 MB."""
    return job.style, job.options, job.sheet, sha256(job.image).hexdigest()
