"""Serve administration over HTTP: people of styles, tokens, proofs for the bot."""
