"""What all tests need."""

from __future__ import annotations

import os
from pathlib import Path

# The processes that tests start do not look for modules in the current folder; those of tests/fakes are here.
ROOT = str(Path(__file__).parent.parent)
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (ROOT, os.environ.get("PYTHONPATH"))))
