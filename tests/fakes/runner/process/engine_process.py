"""A runner process with the obedient engine, for `LocalFleet(module=…)`.

It is `runner.process.main` in all but the engine, and as restricted.
"""

from __future__ import annotations

import runner
import styles
from runner.process.main import EngineFactory, main
from tests.fakes import runner as fakes


def obedient_engine() -> EngineFactory:
    """The engine, imported in the sandbox as the real one is."""
    from tests.fakes.runner.process.obedient_engine import ObedientEngine

    return ObedientEngine


if __name__ == "__main__":
    main(obedient_engine, (runner, styles, fakes))
