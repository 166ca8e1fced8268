"""Let messages come in and answers go out by other ways than mail."""
