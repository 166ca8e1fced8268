"""`mailbot doctor`: whether everything is there that a bot needs, and what to mend."""
