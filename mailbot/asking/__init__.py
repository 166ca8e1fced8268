"""What the words of a mail ask for; `mailbot/commands.py` is made of it."""
