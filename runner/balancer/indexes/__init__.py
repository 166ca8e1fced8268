"""Find the next photo and the runner for it, without looking at all of them."""
