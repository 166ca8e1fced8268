"""Measure the project beside its peers, for `make bench`; no test measures time."""

import os
from pathlib import Path

# The processes that they start do not look for modules in the current folder; those of the benchmarks are
# here.
_ROOT = str(Path(__file__).parent.parent)
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (_ROOT, os.environ.get("PYTHONPATH"))))
