"""Mails as they really come, and beside each what the bot is to read in it.

    NAME.eml     a mail, byte for byte
    NAME.json    shows: what it is there for; sender, subject, text, images, silence, command, …: its reading

`python -m tests.emails` reads them all and prints a table; `corpus.py` is what it and the tests share.
"""
