"""Run one learning process: find a painting, learn from it, report on the way."""
