from __future__ import annotations

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from styles.service.http.whole_body import AnswerTooLarge, read_whole

SIZE = 1_000_000


async def large(_request: web.Request) -> web.Response:
    return web.Response(body=bytes(SIZE))


async def test_a_large_answer_is_read_to_its_end_or_refused() -> None:
    app = web.Application()
    app.router.add_get("/", large)
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        async with session.get(server.make_url("/")) as answer:
            assert await read_whole(answer, SIZE) == bytes(SIZE)
        async with session.get(server.make_url("/")) as answer:
            with pytest.raises(AnswerTooLarge, match="more than 999,999 bytes"):
                await read_whole(answer, SIZE - 1)
