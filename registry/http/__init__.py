"""Serve the HTTP interface and the pages."""
