"""What a mail says and which photos it brings; `mailbot/parse.py` is made of it."""
