"""What the person who runs a bot sees of it and can do."""
