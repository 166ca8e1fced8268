from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from registry.balancers import proof_painter
from tests.fakes.mailbot.proofs import Proofs, waiting_proof


@pytest.fixture
async def proofs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Proofs]:
    monkeypatch.setattr(proof_painter, "INTERVAL_SECONDS", 0.05)  # the test publishes from outside
    async with waiting_proof(tmp_path) as proofs:
        yield proofs
