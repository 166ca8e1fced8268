"""Pull the style files that a runner process asks for: its sandbox has no network, and writes nothing."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

from runner.protocol.framing import Frame, WireError
from runner.protocol.pull_messages import pulled_frame
from styles.contract import split_digest
from styles.errors import PainterError, RegistryUnavailable
from styles.service.asyncio_tasks import TaskSet

log = logging.getLogger(__name__)

#: Files that a process may wait for at once. Two batches of blends, a sheet and a large photo have some 160.
MOST_PULLS = 1000
#: Longest digest that is answered: an answer repeats it. `sha256:`, its digits and a key have 104 letters.
LONGEST_DIGEST = 120

#: Finds the style file of a digest, as `BlobCache.path` does. Raises `PainterError`, OSError and ValueError.
Pull = Callable[[str], Awaitable[Path]]


class PullRequests:
    """Answer the requests of one process; `send` sends a frame to it."""

    def __init__(self, pull: Pull, send: Callable[[Frame], Awaitable[None]]) -> None:
        self._pull = pull
        self._send = send
        self._pulling = TaskSet()

    def begin(self, digest: object) -> None:
        """Begin to answer a request. Raises `WireError` for an invalid one."""
        if not isinstance(digest, str) or len(digest) > LONGEST_DIGEST or len(self._pulling) >= MOST_PULLS:
            raise WireError("an invalid request for a file")
        self._pulling.start(self._answer(digest))

    def cancel(self) -> None:
        """Drop all requests: the process is gone."""
        for pulling in self._pulling:
            pulling.cancel()

    async def _answer(self, digest: str) -> None:
        """Pull a style file, and send the process its path or the error."""
        plain, _ = split_digest(digest)
        try:
            outcome: Path | PainterError = await self._pull(digest)
        except PainterError as error:
            outcome = error
        except (OSError, ValueError) as error:  # a full disk; an invalid digest
            outcome = RegistryUnavailable(f"{plain} cannot be kept: {error}")
        except Exception as error:  # without an answer its photos would wait until their deadline
            log.exception("%s cannot be pulled", plain)
            outcome = RegistryUnavailable(f"{plain} cannot be pulled: {type(error).__name__}")
        with contextlib.suppress(OSError):  # it is gone
            await self._send(pulled_frame(digest, outcome))
