"""Serve visitors: the gallery, and errors as pages."""
