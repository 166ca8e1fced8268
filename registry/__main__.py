"""Run `python -m registry`."""

from __future__ import annotations

from registry.cli.main import app

if __name__ == "__main__":
    app()
