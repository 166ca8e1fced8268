"""Decide by a small learned model whether a long mail wishes the style that it names."""
