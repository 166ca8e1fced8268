"""The mail servers, by IMAP and SMTP."""
