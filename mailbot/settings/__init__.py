"""Define kinds of values in config.toml, and tables that the bot alone reads."""
