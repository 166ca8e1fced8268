"""Find the styles that words mean: by names, typos, and what a painting shows."""
