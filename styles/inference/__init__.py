"""A style file and photos in, painted photos out."""
