"""Mail artists the proofs of their versions, and make a version live by their answer."""
