"""Which job goes to which runner, and when."""
