"""Speak with the mail servers, by IMAP and SMTP."""
