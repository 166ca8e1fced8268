"""The mail servers, by IMAP and SMTP; `mailbot/inbox.py` and `mailbot/outbox.py` are made of it."""
