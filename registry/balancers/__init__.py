"""Ask the balancers: how often styles are painted, and for the paintings of proofs."""
