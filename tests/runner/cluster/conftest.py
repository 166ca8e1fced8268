"""A relay that listens on this machine, for launchers that know its secret."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from runner.cluster.relay_server import RelayServer
from runner.config import RayConfig
from tests.fakes.runner.cluster.ray_fleet import ENVIRONMENT, NETWORK


@pytest.fixture
async def relay() -> AsyncIterator[RelayServer]:
    relay = RelayServer(RayConfig(port=0, private_network=NETWORK), ENVIRONMENT)
    await relay.startup()
    yield relay
    await relay.shutdown()
