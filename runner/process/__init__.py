"""Paint batches in a runner process."""
