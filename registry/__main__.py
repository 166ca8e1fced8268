"""`python -m registry`."""

from __future__ import annotations

from registry.cli import app

if __name__ == "__main__":
    app()
