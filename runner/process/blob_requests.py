"""Ask the balancer for style files: the sandbox has no network, and writes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from runner.protocol.framing import Frame
from runner.protocol.pull_messages import frame_to_pulled, pull_frame
from styles.errors import PainterError


class BlobRequests:
    """Request each file once for all concurrent users; `send` sends a frame to the balancer."""

    def __init__(self, send: Callable[[Frame], None]) -> None:
        self._send = send
        self._requested: dict[str, asyncio.Future[Path]] = {}  # by digest

    async def path(self, digest: str) -> Path:
        """Return the path of a complete and verified file. Raises `RegistryUnavailable`."""
        requested = self._requested.get(digest)
        if requested is None:
            requested = self._requested[digest] = asyncio.get_running_loop().create_future()
            self._send(pull_frame(digest))
        return await asyncio.shield(requested)

    def answer(self, frame: Frame) -> None:
        """Give an answer of the balancer to all waiting users of the file. Raises `WireError`."""
        digest, outcome = frame_to_pulled(frame)
        requested = self._requested.pop(digest, None)
        if requested is None:
            return
        if isinstance(outcome, PainterError):
            requested.set_exception(outcome)
            requested.exception()  # marks it as retrieved, even if no user waits any more
        else:
            requested.set_result(outcome)
