"""Read what painters write in words of their own: wishes in a story, names, questions."""
