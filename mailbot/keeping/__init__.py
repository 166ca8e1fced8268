"""What is kept of a mail, and for how long; `mailbot/ledger.py` is made of it."""
