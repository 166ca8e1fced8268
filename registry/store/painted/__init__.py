"""Keep what the balancers paint and count: artists' proofs, and the use of styles by day."""
