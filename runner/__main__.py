"""Run the command `runner` by `python -m runner`."""

from __future__ import annotations

from runner.cli.main import app

if __name__ == "__main__":
    app()
