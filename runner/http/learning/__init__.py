"""Take paintings to learn from over HTTP."""
