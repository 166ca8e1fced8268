"""One picture and two over HTTP, there and back, and answers that nobody should believe."""

from __future__ import annotations

import asyncio
import random

import pytest
from aiohttp import web

from runner.client import RunnerClient
from runner.http import multipart
from styles.contract import StyleJob, StyleOptions, StyleResult
from styles.errors import BalancerUnavailable, DeadlineExceeded, UnknownStyle
from tests.fakes.runner.balancer import FakeBalancer, painted, preview_of, sheet_of
from tests.fakes.runner.fleet import a_job
from tests.fakes.runner.served import answering

HEADERS = {"X-Style-Version": "1", "Server-Timing": "engine;dur=1"}
#: What a careless reader would take for the end of a part.
TRICKY = b"--\r\n\r\n--b\r\n--b--\r\n" + bytes(range(256)) * 500


def a_result(**fields: object) -> StyleResult:
    values: dict[str, object] = {"job_id": "1", "image": TRICKY, "style": "mosaic", "version": 1}
    return StyleResult(**{**values, "seconds": 0.25, "runner": "r0", **fields})  # type: ignore[arg-type]


async def asked(result: StyleResult, job: StyleJob) -> StyleResult:
    """The result as the client makes it out of what `write` made of it."""

    async def answer(request: web.Request) -> web.StreamResponse:
        await request.read()
        body, content_type = multipart.write(result)
        return web.Response(body=body, headers={**HEADERS, "Content-Type": content_type})

    async with answering(answer) as client:
        return await client.run(job)


@pytest.mark.parametrize("preview", [b"", b"small", TRICKY])
@pytest.mark.parametrize("format", ["jpeg", "png"])
async def test_there_and_back(preview: bytes, format: str) -> None:
    options = StyleOptions(format=format, preview=640)  # type: ignore[arg-type]
    job = StyleJob(id="1", style="mosaic", image=b"photo", options=options)
    back = await asked(a_result(preview=preview, format=format), job)
    assert (back.image, back.preview, back.format) == (TRICKY, preview, format)


async def test_what_the_two_parts_say_of_themselves() -> None:
    body, content_type = multipart.write(a_result(preview=b"small", format="png"))
    assert content_type.startswith("multipart/mixed; boundary=")
    text = await body.as_bytes() if not isinstance(body, bytes) else body
    assert b"Content-Type: image/png\r\n" in text
    assert b'filename="picture.png"' in text
    assert b"Content-Type: image/jpeg\r\n" in text
    assert b'filename="preview.jpg"' in text


def part(kind: bytes = b"image/jpeg", body: bytes = b"picture", more: bytes = b"") -> bytes:
    return b"--b\r\nContent-Type: " + kind + b"\r\n" + more + b"\r\n" + body + b"\r\n"


END = b"--b--\r\n"
#: Content types, and bodies that are no two pictures.
GARBLED: dict[str, tuple[str, bytes]] = {
    "no boundary": ("multipart/mixed", part() * 2 + END),
    "another boundary": ("multipart/mixed; boundary=c", part() * 2 + END),
    "a long boundary": ("multipart/mixed; boundary=" + "b" * 99, part() * 2 + END),
    **{
        name: ("multipart/mixed; boundary=b", body)
        for name, body in {
            "nothing": b"",
            "no parts": END,
            "one part": part() + END,
            "three parts": part() * 3 + END,
            "no end": part() * 2,
            "html": part() + part(b"text/html") + END,
            "no length": part(more=b"Content-Length: -1\r\n") + part() + END,
            "too short": part(more=b"Content-Length: 3\r\n") + part() + END,
            "too long": part() + part(more=b"Content-Length: 99\r\n") + END,
            "a nest": part(b"multipart/mixed; boundary=x", b"--x\r\n\r\n--x--") + part() + END,
            "a long line": b"x" * 900_000,
            "many headers": part(more=b"X: y\r\n" * 999) + part() + END,
            "bad headers": part(more=b"\0\r\n") + part() + END,
        }.items()
    },
}


@pytest.mark.parametrize("name", GARBLED)
async def test_a_garbled_answer_is_no_balancers(name: str) -> None:
    content_type, body = GARBLED[name]

    async def answer(request: web.Request) -> web.StreamResponse:
        await request.read()
        return web.Response(body=body, headers={**HEADERS, "Content-Type": content_type})

    async with answering(answer) as client:
        with pytest.raises(BalancerUnavailable):
            await client.run(a_job())


async def test_damage_anywhere_is_an_answer_or_none() -> None:
    body, content_type = multipart.write(a_result(image=b"picture" * 20, preview=b"small" * 20))
    whole = await body.as_bytes() if not isinstance(body, bytes) else body

    def damaged(dice: random.Random) -> bytes:
        at, cut = dice.randrange(len(whole)), dice.randrange(3)
        return whole[:at] + (b"", dice.randbytes(3), whole[at + 5 :])[cut]

    bodies = iter([damaged(random.Random(seed)) for seed in range(200)])

    async def answer(request: web.Request) -> web.StreamResponse:
        await request.read()
        return web.Response(body=next(bodies), headers={**HEADERS, "Content-Type": content_type})

    outcomes: list[StyleResult | None] = []
    async with answering(answer) as client:
        for _ in range(200):
            try:
                outcomes.append(await client.run(a_job()))
            except BalancerUnavailable:
                outcomes.append(None)
    assert 100 < outcomes.count(None) < 200  # a byte less of a type or of a name harms nobody


async def test_silence_in_the_middle_of_a_part_has_an_end() -> None:
    async def begin(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "multipart/mixed; boundary=b", **HEADERS})
        await response.prepare(request)
        await response.write(part()[:-2])
        await asyncio.Event().wait()
        return response

    async with answering(begin) as client:
        with pytest.raises(DeadlineExceeded):
            await client.run(a_job(), timeout=0.2)


async def test_the_fake_answers_as_the_balancer_does() -> None:
    options = StyleOptions(preview=640)
    async with FakeBalancer() as fake, RunnerClient(fake.url) as client:
        blend = StyleJob(id="1", style="mosaic:0.6,the-scream", image=b"photo", options=options)
        result = await client.run(blend)
        assert (result.image, result.preview) == (painted(b"photo"), preview_of(painted(b"photo")))
        assert (result.style, result.version) == ("mosaic:0.6,the-scream", 3)
        sheet = await client.run(StyleJob(id="2", style="", image=b"photo", sheet=True))
        assert (sheet.image, sheet.preview, sheet.version) == (sheet_of(b"photo"), b"", 0)
        with pytest.raises(UnknownStyle) as caught:
            await client.run(StyleJob(id="3", style="mosaic,waves", image=b"photo"))
    assert caught.value.name == "waves"
    assert fake.sheets == [{"job": "2", "sender": ""}]
    assert [job.get("style") for job in fake.jobs] == ["mosaic:0.6,the-scream", None, "mosaic,waves"]
