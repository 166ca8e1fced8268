"""Decide who is answered, and how often."""
