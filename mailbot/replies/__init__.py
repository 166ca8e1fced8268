"""Compose the bot's answers."""
