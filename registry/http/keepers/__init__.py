"""Serve those who keep styles: their tokens, people, the trail, and comparisons of versions."""
