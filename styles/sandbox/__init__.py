"""Sandbox the process that opens untrusted files."""
