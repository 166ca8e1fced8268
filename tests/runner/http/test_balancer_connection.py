"""One balancer: results and errors as they were, and no balancer there."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web

from runner import client as client_module
from runner.client import RunnerClient
from runner.http.query import SHEET_SIZE
from styles.contract import StyleJob, StyleOptions, StyleResult
from styles.errors import BalancerUnavailable, Busy, DeadlineExceeded, NotAnImage, PainterError, UnknownStyle
from styles.service.keepalive import watched_socket
from styles.service.problems import MEDIA_TYPE, to_problem
from tests.fakes.errors import below, made
from tests.fakes.runner.fleet import PREVIEW, a_job, inverted
from tests.fakes.runner.served import Served, answering


async def test_a_job_there_and_back(served: Served) -> None:
    options = StyleOptions(strength=0.5, keep_colors=True, size=640, format="png", max_bytes=90000)
    photo = bytes(range(256)) * 20_000  # 5 MB
    job = StyleJob(id="<7@x> &=ü", style="udnie", image=photo, options=options, sender="ann+x@b.c")
    async with RunnerClient(served.url) as client:
        result = await client.run(job)
    assert result == StyleResult(
        job_id=job.id,
        image=inverted(photo),
        format="png",
        style="udnie",
        version=1,
        seconds=0.25,
        runner="r0",
    )
    ((_, (task,)),) = served.fleet.batches
    assert task.options == options


async def test_a_sheet_and_its_preview_there_and_back(served: Served) -> None:
    options = StyleOptions(strength=0.5, keep_colors=True, size=640, max_bytes=90000, preview=320)
    job = StyleJob(id="7", style="", image=b"photo", options=options, sender="ann", sheet=True)
    async with RunnerClient(served.url) as client:
        result = await client.run(job)
        plain = await client.run(replace(job, id="8", options=StyleOptions()))
    assert (result.image, result.preview) == (inverted(b"photo"), PREVIEW)
    assert (result.style, result.version, plain.preview) == ("", 0, b"")
    (_, (first,)), (_, (second,)) = served.fleet.batches
    assert first.options == options
    assert second.options == StyleOptions(size=SHEET_SIZE)  # not the size of a photo


async def test_defaults_stay_defaults(served: Served) -> None:
    async with RunnerClient(served.url) as client:
        await client.run(a_job())
        assert (await client.status())["painted"] == 1
    ((_, (task,)),) = served.fleet.batches
    assert task.options == StyleOptions()


async def test_the_balancers_own_errors(served: Served) -> None:
    async with RunnerClient(served.url) as client:
        with pytest.raises(NotAnImage):
            await client.run(a_job(image=b"BAD"))
        with pytest.raises(UnknownStyle) as caught:
            await client.run(a_job(style="mosaik"))
    assert caught.value.known == ("mosaic", "udnie")


@pytest.mark.parametrize("kind", list(below(PainterError)), ids=lambda kind: kind.__name__)
async def test_every_error_comes_back_as_it_was(kind: type[PainterError]) -> None:
    error = made(kind)

    async def refuse(request: web.Request) -> web.StreamResponse:
        await request.read()
        return web.json_response(to_problem(error), status=error.status, content_type=MEDIA_TYPE)

    async with answering(refuse) as client:
        with pytest.raises(kind) as caught:
            await client.run(a_job())
    assert type(caught.value) is kind
    assert (caught.value.message, caught.value.detail) == (error.message, error.detail)
    if isinstance(error, Busy):
        assert getattr(caught.value, "retry_after", None) == error.retry_after


@pytest.mark.parametrize(
    "response",
    [
        {"text": "hello"},
        {"text": "[]", "content_type": "application/json"},
        {"text": "null", "content_type": "application/json"},
        {"text": "proxy", "status": 502},
        {"text": "{", "status": 404, "content_type": "application/problem+json"},
        {"text": "[]", "status": 500, "content_type": "application/problem+json"},
        {"text": '{"type": "about:blank", "title": "Not Found"}', "status": 404},
    ],
)
async def test_what_is_no_balancer_is_unavailable(response: dict[str, Any]) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        await request.read()
        return web.Response(**response)

    async with answering(answer) as client:
        with pytest.raises(BalancerUnavailable):
            await client.run(a_job())
        with pytest.raises(BalancerUnavailable):
            await client.status()


async def test_nobody_there() -> None:
    with socket.socket() as held:  # bound and not listening: refused
        held.bind(("127.0.0.1", 0))
        async with RunnerClient(f"http://127.0.0.1:{held.getsockname()[1]}") as client:
            with pytest.raises(BalancerUnavailable):
                await client.run(a_job())
            with pytest.raises(BalancerUnavailable):
                await client.status()


async def test_a_connection_that_ends_in_the_middle() -> None:
    async def vanish(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    async with answering(vanish) as client:
        with pytest.raises(BalancerUnavailable):
            await client.run(a_job())


async def test_silence_has_an_end() -> None:
    async def wait(request: web.Request) -> web.StreamResponse:
        await asyncio.Event().wait()
        return web.Response()

    async with answering(wait) as client:
        with pytest.raises(DeadlineExceeded):
            await client.run(a_job(), timeout=0.1)


async def test_its_connections_notice_that_the_other_end_is_gone(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []

    def watched(address: tuple[Any, ...]) -> socket.socket:
        made.append(watched_socket(address))
        return made[-1]

    monkeypatch.setattr(client_module, "watched_socket", watched)
    async with RunnerClient(served.url) as client:
        await client.run(a_job())
        assert [each.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) for each in made] == [1]


async def test_not_entered() -> None:
    with pytest.raises(RuntimeError, match="async with"):
        await RunnerClient("http://127.0.0.1:1").run(a_job())
