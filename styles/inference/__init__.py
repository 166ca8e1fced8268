"""Paint photos in the styles of style files."""
