"""Implement the `registry` command."""
