"""Show the person who runs a bot its state, and let them change it."""
