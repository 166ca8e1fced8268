"""Check everything that a bot needs, and say what to mend (`mailbot doctor`)."""
