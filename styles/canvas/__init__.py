"""Find a painting in a photo of it."""
