"""Run a runner process in which marked photos do harm; else it is `runner.process.main`."""

from __future__ import annotations

import benchmarks
import runner
import styles
from runner.process.main import EngineFactory, main


def harmable_engine() -> EngineFactory:
    """Import the engine, in the sandbox."""
    from benchmarks.soak.engine import HarmableEngine

    return HarmableEngine


if __name__ == "__main__":
    main(harmable_engine, (runner, styles, benchmarks))
