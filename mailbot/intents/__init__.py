"""Read what the words of a mail ask for."""
