"""What the words of a mail ask for."""
