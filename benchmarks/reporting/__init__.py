"""Findings of the benchmarks: rows, results by machine, and the page docs/performance.md."""
