"""Find the words of a request that changed nothing, so that the answer repeats them."""
