"""Benchmarks of painting one photo: engine, processor, memory, size."""
