"""The `runner` command."""
