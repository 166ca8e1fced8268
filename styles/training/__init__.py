"""The training of styles."""
