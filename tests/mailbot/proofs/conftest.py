from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from mailbot.storage.ledger import Ledger
from registry.balancers import proof_painter
from tests.fakes.mailbot.proofs import Proofs, waiting_proof


@pytest.fixture
async def proofs(tmp_path: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Proofs]:
    monkeypatch.setattr(proof_painter, "INTERVAL_SECONDS", 0.05)  # the test publishes from outside
    async with waiting_proof(tmp_path, ledger) as proofs:
        yield proofs
