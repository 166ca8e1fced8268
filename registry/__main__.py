"""Run the `registry` command: `python -m registry`."""

from registry.cli.main import app

app()
