"""Weigh the mentions of styles in a sentence, and tell how they belong together."""
