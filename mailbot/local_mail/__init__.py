"""The mail server to play with: SMTP, IMAP and a page over accounts in memory, in one event loop."""
