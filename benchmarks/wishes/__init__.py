"""Train the learned model of wishes: `python -m benchmarks.wishes`."""
