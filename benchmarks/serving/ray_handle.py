"""Call Ray Serve's handle with a replica that gives every photo back, in a process of its own.

    RayHandle     the process, which makes calls and returns their times
    main          what `python -m benchmarks.serving.ray_handle BYTES` does: for each line "N", N calls

The project does not need Ray: `pip install '.[benchmark]'` installs it.
"""

from __future__ import annotations

import asyncio
import importlib.util
import json
import os
import sys
import time
from typing import Any, Self

from benchmarks.reporting.findings import PeerUnavailable
from styles.service.child_processes import die_with_parent

#: Seconds for Ray's start, which takes 8 to 30 by the machine.
START_SECONDS = 120.0
#: Bytes of its object store: it holds some photos.
STORE_BYTES = 200 << 20


class RayHandle:
    """Run Ray Serve in a process as long as the block. Raises `PeerUnavailable` as it begins."""

    def __init__(self, size: int) -> None:
        """`size`: bytes of the photo."""
        self._size = size

    async def __aenter__(self) -> Self:
        if importlib.util.find_spec("ray") is None:
            raise PeerUnavailable("it is not installed")
        quiet = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_SERVE_LOG_TO_STDERR": "0", "RAY_DEDUP_LOGS": "0"}
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "benchmarks.serving.ray_handle", str(self._size), str(os.getpid()),
            env={**os.environ, **quiet}, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            async with asyncio.timeout(START_SECONDS):
                await self._answer()
        except TimeoutError as error:
            await self._end()
            raise PeerUnavailable(f"it did not start within {START_SECONDS:g} s") from error
        except PeerUnavailable:
            await self._end()
            raise
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self._end()

    async def calls(self, count: int) -> list[float]:
        """Return the seconds of `count` calls, one after the other."""
        assert self._process.stdin is not None
        self._process.stdin.write(b"%d\n" % count)
        return list(await self._answer())

    async def _answer(self) -> Any:
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            if line.startswith(b"["):  # Ray prints too
                return json.loads(line)
        raise PeerUnavailable(f"it ended, exit status {await self._process.wait()}")

    async def _end(self) -> None:
        """Close the connection, whereupon Ray ends its own processes."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            async with asyncio.timeout(30):
                await self._process.wait()
        except TimeoutError:
            self._process.terminate()
            await self._process.wait()


async def main(size: int) -> None:
    """Start Ray and a deployment, then make the calls that standard input asks for."""
    import ray
    from ray import serve

    ray.init(include_dashboard=False, log_to_driver=False, object_store_memory=STORE_BYTES)
    try:
        serve.start(proxy_location="Disabled")
        same = serve.deployment(RayEcho, ray_actor_options={"num_cpus": 0})
        handle = serve.run(same.bind(), name="echo", route_prefix=None)
        await _converse(handle, os.urandom(size))
        serve.shutdown()
    finally:
        ray.shutdown()


class RayEcho:
    """Give every photo back, as a replica."""

    async def __call__(self, photo: bytes) -> bytes:
        """Give the photo back."""
        return photo


async def _converse(handle: Any, photo: bytes) -> None:
    assert await handle.remote(photo) == photo
    print("[]", flush=True)
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        print(json.dumps([await _call(handle, photo) for _ in range(int(line))]), flush=True)


async def _call(handle: Any, photo: bytes) -> float:
    started = time.perf_counter()
    await handle.remote(photo)
    return time.perf_counter() - started


if __name__ == "__main__":
    die_with_parent(int(sys.argv[2]))
    asyncio.run(main(int(sys.argv[1])))
