"""Decide who may do what: roles, tokens, sessions, and limits on wrong tokens."""
