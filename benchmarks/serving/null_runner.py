"""Run a runner process with the engine that does nothing.

It is `runner.process.main` in all but the engine:
`LocalFleet(..., module="benchmarks.serving.null_runner")`.
"""

from __future__ import annotations

import benchmarks
import runner
import styles
from runner.process.main import EngineFactory, main


def null_engine() -> EngineFactory:
    """Import the engine, in the sandbox."""
    from benchmarks.serving.null_engine import NullEngine

    return NullEngine


if __name__ == "__main__":
    main(null_engine, (runner, styles, benchmarks))
