"""Start, watch and replace the runner processes."""
