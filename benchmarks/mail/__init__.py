"""Benchmarks of mail: speed, faults, kills, and what is understood."""
