"""Measure what balancer and fleet add to a photo, one at a time, around an engine that does nothing.

    echo      the same bytes to a child process and back over a unix socket: the least possible
    submit    `Balancer.submit`: name, queue, batch, frame, runner process, and back
    http      the same by its HTTP front, as another application calls it, on one connection
    ray       Ray Serve's handle call, to a replica that gives the photo back
    litserve  LitServe over HTTP, with an API that gives the photo back

All take turns within one run, a few calls each, so that a noisy machine is noisy for all.
"""

from __future__ import annotations

import os
import statistics
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

import aiohttp

from benchmarks.reporting.findings import (
    Finding,
    Missing,
    PeerUnavailable,
    Profile,
    ReportLine,
    Row,
    times_faster,
)
from benchmarks.reporting.progress import progress
from benchmarks.serving import litserve_http
from benchmarks.serving.echo import Echo
from benchmarks.serving.ray_handle import RayHandle
from benchmarks.serving.served import NULL, Served, a_job, served

#: Bytes of the photo, and the name of the measure.
SIZE, THERE_AND_BACK = 200_000, "200 KB there and back"
#: Turns, calls of each way in a turn, and turns that only warm up.
TURNS, CALLS, WARM = 30, 20, 2
#: Targets: above the echo, seconds; and how many times faster than Ray.
ABOVE, RAY = 0.001, 3.0

#: Makes this number of calls, one after the other; returns their seconds.
Calls = Callable[[int], Awaitable[Sequence[float]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Hold the seconds of every call by way; `missing` says why a peer has none."""

    of: Mapping[str, Sequence[float]]
    missing: Mapping[str, str]
    parts: Sequence[tuple[float, float, float]]  #: of submits: to the fleet, there and back, to the caller


async def run() -> list[Finding]:
    """Measure all ways in turns."""
    times = await _measure(os.urandom(SIZE))
    echo, submit, http = times.of["echo"], times.of["submit"], times.of["http"]
    low = statistics.median(echo)
    return [
        Row(
            measure=f"{THERE_AND_BACK} by `Balancer.submit`, above a bare unix-socket echo",
            seconds=[s - low for s in submit],
            target=ABOVE,
            note="balancer-latency",
        ),
        Row(measure="the same over HTTP, above the echo", seconds=[s - low for s in http]),
        Row(measure="the bare unix-socket echo", seconds=echo),
        _against(f"{THERE_AND_BACK} by `Balancer.submit`", "submit", times, "ray", "Ray Serve's handle", RAY),
        _against(f"{THERE_AND_BACK} over HTTP", "http", times, "litserve", "LitServe", None),
        _profile(times, low),
    ]


def _profile(times: Times, echo: float) -> Profile:
    """Return the medians of the parts, which do not quite add up."""
    there, through, back = (statistics.median(part) for part in zip(*times.parts, strict=True))
    found = {
        "from `submit` to the fleet: name, queue, whose turn it is": there,
        "there and back: two frames, the runner's loop, its style, its engine's thread": through - echo,
        "the two ways on a socket themselves, the bare echo": echo,
        "from the fleet's answer to the caller": back,
    }
    rows = [[part, f"{seconds * 1e6:.0f} µs"] for part, seconds in found.items()]
    return Profile(title=f"{THERE_AND_BACK} by `Balancer.submit`", headings=("part", "median"), rows=rows)


def _against(measure: str, way: str, times: Times, peer: str, name: str, faster: float | None) -> ReportLine:
    if why := times.missing.get(peer):
        target = times_faster(faster) if faster else ""
        return Missing(measure=f"{measure}, against {name}", why=why, target=target)
    return Row(
        measure=measure,
        seconds=times.of[way],
        against=name,
        against_seconds=times.of[peer],
        faster=faster,
        note=peer,
    )


async def _measure(photo: bytes) -> Times:
    parts: list[tuple[float, float, float]] = []
    async with AsyncExitStack() as stack:
        ours = await stack.enter_async_context(served(NULL))
        echo = await stack.enter_async_context(Echo(len(photo)))
        session = await stack.enter_async_context(aiohttp.ClientSession())
        ways = {
            "echo": _each(lambda: echo.call(photo)),
            "submit": _each(lambda: _submit(ours, photo, parts)),
            "http": _each(lambda: _post(session, ours, photo)),
        }
        missing: dict[str, str] = {}
        try:
            ways["ray"] = (await stack.enter_async_context(RayHandle(len(photo)))).calls
        except PeerUnavailable as error:
            missing["ray"] = str(error)
        try:
            url = (await stack.enter_async_context(litserve_http.LitServe())).url
            ways["litserve"] = _each(lambda: litserve_http.post(session, url, photo))
        except PeerUnavailable as error:
            missing["litserve"] = str(error)
        return Times(of=await _turns(ways), missing=missing, parts=parts)


async def _turns(ways: Mapping[str, Calls]) -> dict[str, list[float]]:
    times: dict[str, list[float]] = defaultdict(list)
    for turn in range(WARM + TURNS):
        for name, calls in ways.items():
            progress(f"turn {turn + 1} of {WARM + TURNS}: {name}")
            seconds = await calls(CALLS)
            if turn >= WARM:
                times[name] += seconds
    return times


def _each(call: Callable[[], Awaitable[object]]) -> Calls:
    """Time each of some calls."""

    async def calls(count: int) -> Sequence[float]:
        return [await _timed(call) for _ in range(count)]

    return calls


async def _timed(call: Callable[[], Awaitable[object]]) -> float:
    started = time.perf_counter()
    await call()
    return time.perf_counter() - started


async def _submit(ours: Served, photo: bytes, parts: list[tuple[float, float, float]]) -> None:
    """Note where the time of the only photo under way went."""
    started = time.perf_counter()
    await ours.balancer.submit(a_job(photo, ours.styles[0]))
    ended, batch = time.perf_counter(), ours.fleet.batches[-1]
    assert batch.answered is not None
    parts.append((batch.sent - started, batch.answered - batch.sent, ended - batch.answered))


async def _post(session: aiohttp.ClientSession, ours: Served, photo: bytes) -> None:
    url = f"{ours.url}/v1/stylize?style={ours.styles[0]}"
    async with session.post(url, data=photo) as response:
        assert response.status == 200
        await response.read()
