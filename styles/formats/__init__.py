"""The files of styles."""
