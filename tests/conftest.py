"""What all tests need."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

# The processes that tests start do not look for modules in the current folder; those of tests/fakes are here.
ROOT = str(Path(__file__).parent.parent)
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (ROOT, os.environ.get("PYTHONPATH"))))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begins with the tests that kill processes: they take minutes, and one at the end would run alone."""
    items.sort(key=lambda item: "kill" not in item.nodeid)
