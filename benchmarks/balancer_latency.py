"""What balancer and fleet add to a photo's way: around an engine that does nothing, one photo at a time.

    echo      the same bytes to a child process and back over a unix socket: the least there is
    submit    `Balancer.submit`: fingerprint, name, queue, batch, frame, runner process, and back
    http      the same by its HTTP front, as another application calls it, on one connection
    ray       Ray Serve's handle call, to a replica that gives the photo back

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

from benchmarks.echo import Echo
from benchmarks.ray_handle import RayHandle, RayUnavailable
from benchmarks.report import Line, Missing, Row
from benchmarks.served import NULL, Served, a_job, served

#: Bytes of the photo.
SIZE = 200_000
#: Turns, calls of each in a turn, and turns that only warm up.
TURNS, CALLS, WARM = 30, 20, 2
#: Targets: above the echo, seconds; and how many times faster than Ray.
ABOVE, RAY = 0.001, 3.0

Call = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Seconds of every call, by way; `no_ray` says why there are none of Ray."""

    of: Mapping[str, Sequence[float]]
    no_ray: str = ""


async def run() -> list[Line]:
    """All ways, in turns."""
    times = await _measure(os.urandom(SIZE))
    echo, submit, http = times.of["echo"], times.of["submit"], times.of["http"]
    low = statistics.median(echo)
    return [
        Row(
            measure="200 KB there and back by `Balancer.submit`, above a bare unix-socket echo",
            seconds=[s - low for s in submit],
            target=ABOVE,
            note="balancer-latency",
        ),
        Row(measure="the same over HTTP, above the echo", seconds=[s - low for s in http]),
        Row(measure="the bare unix-socket echo", seconds=echo),
        _against_ray(submit, times),
    ]


def _against_ray(submit: Sequence[float], times: Times) -> Line:
    measure = "200 KB there and back by `Balancer.submit`"
    if times.no_ray:
        return Missing(measure=measure, why=f"Ray Serve: {times.no_ray}", target=f"at least {RAY:g}x faster")
    ray = times.of["ray"]
    return Row(
        measure=measure,
        seconds=submit,
        against="Ray Serve's handle",
        against_seconds=ray,
        faster=RAY,
        note="ray",
    )


async def _measure(photo: bytes) -> Times:
    async with AsyncExitStack() as stack:
        ours = await stack.enter_async_context(served(NULL))
        echo = await stack.enter_async_context(Echo(len(photo)))
        session = await stack.enter_async_context(aiohttp.ClientSession())
        ways: dict[str, Call] = {
            "echo": lambda: echo.call(photo),
            "submit": lambda: ours.balancer.submit(a_job(photo, ours.styles[0])),
            "http": lambda: _post(session, ours, photo),
        }
        try:
            ray = await stack.enter_async_context(RayHandle(len(photo)))
        except RayUnavailable as error:
            return Times(of=await _turns(ways, None), no_ray=str(error))
        return Times(of=await _turns(ways, ray))


async def _turns(ways: Mapping[str, Call], ray: RayHandle | None) -> dict[str, list[float]]:
    times: dict[str, list[float]] = defaultdict(list)
    for turn in range(WARM + TURNS):
        found = {name: [await _timed(call) for _ in range(CALLS)] for name, call in ways.items()}
        if ray is not None:
            found["ray"] = await ray.calls(CALLS)
        if turn >= WARM:
            for name, seconds in found.items():
                times[name] += seconds
    return times


async def _timed(call: Call) -> float:
    started = time.perf_counter()
    await call()
    return time.perf_counter() - started


async def _post(session: aiohttp.ClientSession, ours: Served, photo: bytes) -> None:
    url = f"{ours.url}/v1/stylize?style={ours.styles[0]}"
    async with session.post(url, data=photo) as response:
        assert response.status == 200
        await response.read()
