"""Benchmarks of the balancer and its runners, beside peers."""
