"""Run the `styles` command: `python -m styles`."""

from styles.cli import app

app(prog_name="styles")
