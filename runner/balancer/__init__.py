"""Decide which job goes to which runner, and when."""
