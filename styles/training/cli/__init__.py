"""The commands that train styles."""
