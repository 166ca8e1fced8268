"""Keep answers that do not arrive, under one-time codes."""
