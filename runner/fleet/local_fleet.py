"""Run the runner processes of this machine."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack

from registry.client import RegistryClient
from runner.config import RunnerConfig
from runner.fleet.blob_cache import BlobCache
from runner.fleet.child_process import runner_command
from runner.fleet.devices import devices, threads
from runner.fleet.launcher import LocalLauncher
from runner.fleet.slot_fleet import SlotFleet
from styles.service.cgroup import free_memory


class LocalFleet(SlotFleet):
    """Run runner processes on this machine's devices."""

    def __init__(
        self,
        config: RunnerConfig,
        registry: str,
        *,
        batch_seconds: float,
        sheet_seconds: float | None = None,
        module: str = "runner.process.main",
    ) -> None:
        """`registry` is its URL, `module` the module that a process runs; the seconds as in `SlotFleet`.

        Raises `MissingExtra` for a GPU without torch.
        """
        super().__init__(config, batch_seconds=batch_seconds, sheet_seconds=sheet_seconds)
        self._registry = RegistryClient(registry)
        self._blobs = BlobCache(config.cache, self._registry.download, config.cache_disk_bytes)
        self._module = module
        self._found = devices(config.device)
        self._closing = AsyncExitStack()

    async def startup(self, changed: Callable[[], None]) -> None:
        """See `SlotFleet.startup`. Raises OSError if the folder of style files cannot be made."""
        await asyncio.to_thread(self._blobs.startup)
        await self._closing.enter_async_context(self._registry)
        await super().startup(changed)

    async def shutdown(self) -> None:
        """End all processes; each has some seconds for it."""
        await super().shutdown()
        await self._closing.aclose()

    def _devices(self) -> Sequence[str]:
        """Return the configured devices."""
        return self._found

    def _free_memory(self) -> int:
        """Return the bytes that another process may take."""
        return free_memory()

    def _launcher(self, name: str, device: str) -> LocalLauncher:
        """Return the launcher for the processes of a new slot."""
        return LocalLauncher(self._command(device), self._blobs.path)

    def _command(self, device: str) -> Sequence[str]:
        config = self._config
        return runner_command(
            self._module,
            device=device,
            threads=threads(device, config.processes),
            cache=config.cache,
            cache_bytes=config.cache_bytes,
        )
