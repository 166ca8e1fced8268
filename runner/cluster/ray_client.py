"""Ask Ray for devices and start launchers on them: the balancer's child process that speaks with Ray.

Each launcher is an actor that reserves a GPU, or cores. One that Ray cannot place yet is the demand by which
Ray's autoscaler adds machines. An actor that is lost is asked for again. Ray ends all actors of this process
with it. `ray_placement.py` has the messages on standard input and output.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import sys
from collections.abc import Mapping
from typing import IO, Any

import ray
from ray.exceptions import RayError

from runner.cluster.launcher_actor import LauncherActor
from styles.service.backoff import RestartPauses
from styles.service.child_processes import die_with_parent

#: Namespace of the actors, as `ray list actors` shows it.
NAMESPACE = "painting"
#: Seconds before an actor is asked for again after its second end in a row, and at most.
FIRST_PAUSE, LAST_PAUSE = 1.0, 30.0
#: Seconds of life after which the pauses begin anew.
STEADY_SECONDS = 60.0
#: Calls that an actor answers at once: it waits in one while another says that it has started.
CALLS = 4
#: Bytes of a line on standard input; one launcher takes some 500.
MOST_BYTES = 16 << 20


class RayClient:
    """Keep the wanted launchers placed."""

    def __init__(self, resources: Mapping[str, float], events: IO[str]) -> None:
        """`resources` of one launcher, as options of an actor; `events` takes lines for the balancer."""
        self._resources = dict(resources)
        self._events = events
        self._keeping: dict[str, asyncio.Task[None]] = {}  # by ticket
        #: Is given the error after which this process cannot go on.
        self.failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def want(self, wanted: Mapping[str, Mapping[str, Any]]) -> None:
        """Place launchers for new tickets, and give the devices of all others back."""
        for ticket in self._keeping.keys() - wanted.keys():
            self._keeping.pop(ticket).cancel()
        for ticket in wanted.keys() - self._keeping.keys():
            self._keeping[ticket] = asyncio.create_task(self._keep(wanted[ticket]))
            self._keeping[ticket].add_done_callback(self._ended)

    def tell(self, words: str) -> None:
        """Send a sentence for the balancer's log."""
        print(json.dumps({"event": words}), file=self._events, flush=True)

    def _ended(self, keeping: asyncio.Task[None]) -> None:
        if not keeping.cancelled() and (error := keeping.exception()) and not self.failed.done():
            self.failed.set_exception(error)

    async def _keep(self, settings: Mapping[str, Any]) -> None:
        """Hold an actor, and another one after each that is lost."""
        pauses = RestartPauses(FIRST_PAUSE, LAST_PAUSE, STEADY_SECONDS)
        clock = asyncio.get_running_loop().time
        while True:
            began = clock()
            try:
                await self._hold(settings)
            except RayError as error:
                why = str(error).strip().splitlines()[-1][:300]
                self.tell(f"a device is asked for again: {why}")
            await asyncio.sleep(pauses.after(clock() - began))

    async def _hold(self, settings: Mapping[str, Any]) -> None:
        """Hold one actor, which starts a launcher again when that ends early. Raises `RayError`."""
        options = {"max_restarts": 0, "max_concurrency": CALLS, **self._resources}
        make = ray.remote(LauncherActor).options(**options).remote
        actor = await asyncio.to_thread(make, dict(settings))
        pauses = RestartPauses(FIRST_PAUSE, LAST_PAUSE, STEADY_SECONDS)
        clock = asyncio.get_running_loop().time
        try:
            while True:
                node = await actor.launch.remote()
                self.tell(f"a launcher has started on {node}")
                began = clock()
                await actor.wait.remote()
                relay = f"{settings['host']}:{settings['port']}"
                self.tell(f"the launcher on {node} has ended; it does when it cannot reach {relay}")
                await asyncio.sleep(pauses.after(clock() - began))
        finally:
            with contextlib.suppress(RayError):
                ray.kill(actor)


def resources_of(device: str, cores: int, cluster: Mapping[str, float]) -> dict[str, float]:
    """Return the resources of one launcher; "auto" is a GPU where the cluster has one now."""
    on_gpu = device == "cuda" or (device == "auto" and cluster.get("GPU", 0) > 0)
    return {"num_gpus": 1, "num_cpus": 0} if on_gpu else {"num_cpus": cores}


async def serve(resources: Mapping[str, float], events: IO[str]) -> None:
    """Serve the balancer until it closes the connection. Raises the error of a lost connection to Ray."""
    client = RayClient(resources, events)
    client.tell("connected")
    reading = asyncio.create_task(_read(client))
    done, _ = await asyncio.wait({reading, client.failed}, return_when=asyncio.FIRST_COMPLETED)
    for ended in done:
        await ended


async def _read(client: RayClient) -> None:
    """Read lists of wanted launchers until the end."""
    reader = asyncio.StreamReader(limit=MOST_BYTES)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        client.want(json.loads(line)["wanted"])


def main() -> None:
    """Connect to Ray, and serve the balancer. Exits with 1 if Ray cannot be reached."""
    parser = argparse.ArgumentParser(prog="python -m runner.cluster.ray_client")
    for name, kind in {"parent": int, "address": str, "device": str, "cores": int}.items():
        parser.add_argument(f"--{name}", type=kind, required=True)
    arguments = parser.parse_args()
    die_with_parent(arguments.parent, "balancer")
    events = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # Ray prints
    os.chdir("/")  # Ray has its workers import modules from the current folder
    try:
        ray.init(address=arguments.address, namespace=NAMESPACE, log_to_driver=False)
        resources = resources_of(arguments.device, arguments.cores, ray.cluster_resources())
    except (ConnectionError, RuntimeError, ValueError, RayError) as error:
        sys.exit(f"Ray cannot be reached at {arguments.address}: {error}")
    asyncio.run(serve(resources, events))
    ray.shutdown()


if __name__ == "__main__":
    main()
