"""Follow the turns of a story: what was before, what others wish, and what is decided at the end."""
