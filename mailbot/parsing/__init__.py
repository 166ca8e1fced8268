"""Parse mails: their words and their photos."""
