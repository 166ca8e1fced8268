"""The style networks, the shipped styles, and their training."""
