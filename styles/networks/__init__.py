"""Define the networks."""
