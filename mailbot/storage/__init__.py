"""What is kept of a mail, and for how long."""
