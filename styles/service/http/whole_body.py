"""Read the body of another service's answer, whole, and within a limit.

aiohttp's `content.read(most)` returns what has arrived so far, which may be a part.
"""

from __future__ import annotations

from aiohttp import ClientPayloadError, ClientResponse


class AnswerTooLarge(ClientPayloadError):
    """Report an answer over the limit of its reader."""


async def read_whole(answer: ClientResponse, most: int) -> bytes:
    """Return the body of an answer. Raises `AnswerTooLarge` where it has more than `most` bytes."""
    body = bytearray()
    async for piece in answer.content.iter_any():
        body += piece
        if len(body) > most:
            raise AnswerTooLarge(f"the answer has more than {most:,} bytes")
    return bytes(body)
