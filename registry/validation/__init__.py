"""Validate uploaded styles in sandboxed processes."""
