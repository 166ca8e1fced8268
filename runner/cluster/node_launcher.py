"""Start runner processes on a node for one slot of a balancer, and relay their connections.

It makes one connection to the balancer, and another one each time a process takes one. It also pulls the
style files that the processes ask for, into a folder of its node. If the balancer stays away, or needs it no
more, it ends when its processes have. It knows nothing of Ray, so it outlives Ray's own processes.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
import ssl
from collections.abc import Mapping
from pathlib import Path

from registry.client import RegistryClient
from runner.cluster import secure_connections
from runner.cluster.process_relay import ProcessRelay
from runner.cluster.relay_messages import VERSION, LauncherSettings, relay_frame
from runner.fleet.blob_cache import BlobCache
from runner.fleet.child_process import ChildProcess, runner_command
from runner.fleet.devices import devices
from runner.protocol.framing import READ_AHEAD, read_frame, write_frame
from styles.service.asyncio_tasks import TaskSet, cancel
from styles.service.cgroup import free_memory

log = logging.getLogger(__name__)

#: Seconds for which the balancer may be away. It is back after a cut or a restart of the network by then; a
#: balancer that has been restarted refuses the launchers of the one before.
AWAY_SECONDS = 60.0
#: Seconds between two attempts to reach it.
RETRY_SECONDS = 0.5
#: Seconds between two reports of the free memory.
REPORT_SECONDS = 5.0

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class NodeLauncher:
    """Run the launcher of one slot."""

    def __init__(self, settings: LauncherSettings, environment: Mapping[str, str] = os.environ) -> None:
        """Read the secret or the files of TLS that `environment` names. Raises `ConfigError`."""
        self._settings = settings
        self._tls = (
            secure_connections.tls_context(environment, ssl.Purpose.SERVER_AUTH) if settings.tls else None
        )
        self._secret = b"" if settings.tls else secure_connections.shared_secret(environment)
        self._name = secrets.token_hex(8)
        self._device = devices(settings.device)[0]
        self._relaying = TaskSet()
        self._registry = RegistryClient(settings.registry)
        self._blobs = BlobCache(Path(settings.cache), self._registry.download, settings.cache_disk_bytes)

    async def run(self) -> None:
        """Serve the balancer until it is away or needs this no more. Raises OSError without a folder."""
        await asyncio.to_thread(self._blobs.startup)
        clock = asyncio.get_running_loop().time
        async with self._registry:
            seen = clock()
            while clock() - seen < AWAY_SECONDS:
                try:
                    streams = await self._connect()
                    try:
                        needed = await self._wait_for_start(*streams)
                    finally:
                        seen = clock()
                except (OSError, EOFError, TimeoutError) as error:
                    log.info("the balancer is away: %s", str(error) or type(error).__name__)
                    await asyncio.sleep(RETRY_SECONDS)
                    continue
                if not needed:
                    break
            if self._relaying:
                await asyncio.wait(self._relaying)

    async def _connect(self) -> Streams:
        """Return a connection on which both ends have proved themselves."""
        settings = self._settings
        async with asyncio.timeout(secure_connections.CONNECT_SECONDS):
            reader, writer = await asyncio.open_connection(
                settings.host, settings.port, ssl=self._tls, limit=READ_AHEAD
            )
            try:
                secure_connections.watch(writer)
                if not settings.tls:
                    secure_connections.require_inside(settings.private_network, writer)
                    await secure_connections.respond(reader, writer, self._secret)
                hello = relay_frame(
                    "hello",
                    version=VERSION,
                    ticket=settings.ticket,
                    launcher=self._name,
                    node=writer.get_extra_info("sockname")[0],
                    free=free_memory(),
                )
                await write_frame(writer, hello)
            except BaseException:
                writer.transport.abort()
                raise
        return reader, writer

    async def _wait_for_start(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Begin to relay a process when one should start. Return False if the balancer refuses this.

        Raises OSError or EOFError if the connection ends.
        """
        reporting = asyncio.create_task(_report(writer))
        try:
            frame = await read_frame(reader)
        finally:
            await cancel(reporting)
        match frame.header.get("relay") if frame else None:
            case "start":
                self._relaying.start(self._relay(reader, writer))
                return True
            case "refused" if frame:
                log.info("the balancer refuses this launcher: %s", frame.header.get("reason"))
                writer.close()
                return False
        writer.close()
        raise EOFError("the connection closed")

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Start a process, and relay its connection until one of both ends."""
        try:
            process = await ChildProcess.start(self._command())
        except OSError as error:
            log.warning("no runner process starts: %s", error)
            with contextlib.suppress(OSError):
                await write_frame(writer, relay_frame("failed", reason=str(error)))
            writer.close()
            return
        log.info("runner process %d has started", process.pid)
        await ProcessRelay(process, reader, writer, self._blobs.path).run()
        log.info("runner process %d has ended", process.pid)

    def _command(self) -> list[str]:
        settings = self._settings
        return runner_command(
            settings.module,
            device=self._device,
            threads=0 if self._device.startswith("cuda") else settings.threads,
            cache=Path(settings.cache),
            cache_bytes=settings.cache_bytes,
        )


async def _report(writer: asyncio.StreamWriter) -> None:
    """Send the free memory again and again; the reading notices the end of the connection."""
    with contextlib.suppress(OSError):
        while True:
            await asyncio.sleep(REPORT_SECONDS)
            await write_frame(writer, relay_frame("free", free=free_memory()))
