"""Run the runner processes on the nodes of a Ray cluster.

Each runner has a launcher on a device that Ray has given (`ray_client.py`). It relays the connections of its
runner processes to this balancer (`node_launcher.py`, `relay_server.py`). All else is as on one machine.
"""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable, Sequence
from functools import partial

from runner.cluster.ray_placement import RayPlacement
from runner.cluster.relay_messages import LauncherSettings
from runner.cluster.relay_server import RelayServer
from runner.cluster.remote_launcher import RemoteLauncher
from runner.config import RunnerConfig
from runner.fleet.slot_fleet import SlotFleet
from styles.service import logs

#: Name of the device where the config leaves it to the nodes.
ANY_DEVICE = "ray"


class RayFleet(SlotFleet):
    """Run runner processes on the devices of other machines."""

    def __init__(
        self,
        config: RunnerConfig,
        registry: str,
        *,
        batch_seconds: float,
        sheet_seconds: float | None = None,
        module: str = "runner.process.main",
        placement: RayPlacement | None = None,
    ) -> None:
        """Take the arguments of `LocalFleet`, and what places the launchers. Raises `ConfigError`."""
        super().__init__(config, batch_seconds=batch_seconds, sheet_seconds=sheet_seconds)
        self._registry = config.ray.registry or registry
        self._module = module
        self._relay = RelayServer(config.ray)
        self._placement = placement or RayPlacement(config)

    async def startup(self, changed: Callable[[], None]) -> None:
        """See `SlotFleet.startup`. Raises OSError if the relay cannot listen."""
        await self._relay.startup()
        await self._placement.startup()
        await super().startup(changed)

    async def shutdown(self) -> None:
        """End all processes and launchers, and give their devices back."""
        await super().shutdown()
        await self._relay.shutdown()
        await self._placement.shutdown()

    def _devices(self) -> Sequence[str]:
        """Return one name for the devices of all nodes."""
        return [ANY_DEVICE if self._config.device == "auto" else self._config.device]

    def _free_memory(self) -> int:
        """Leave the memory to Ray, which finds another device or waits for one."""
        return sys.maxsize

    def _launcher(self, name: str, device: str) -> RemoteLauncher:
        """Ask for a launcher, and return what starts processes by it."""
        ticket = f"{name}-{secrets.token_hex(8)}"
        launcher = RemoteLauncher(partial(self._renewed, name), partial(self._release, ticket))
        self._relay.register(ticket, launcher)
        self._placement.want(self._settings(ticket))
        return launcher

    def _renewed(self, name: str) -> None:
        """Put a process of a fresh launcher in the place of the one before."""
        self._replace_soon(self._slots.get(name))
        self._changed()

    def _release(self, ticket: str) -> None:
        self._relay.forget(ticket)
        self._placement.drop(ticket)

    def _settings(self, ticket: str) -> LauncherSettings:
        config, ray = self._config, self._config.ray
        return LauncherSettings(
            host=ray.host,
            port=self._relay.port,
            tls=ray.tls,
            private_network=ray.private_network,
            ticket=ticket,
            registry=self._registry,
            cache=str(config.cache.absolute()),
            cache_disk_bytes=config.cache_disk_bytes,
            cache_bytes=config.cache_bytes,
            device=config.device,
            threads=ray.cores,
            module=self._module,
            json_logs=logs.is_json(),
        )
