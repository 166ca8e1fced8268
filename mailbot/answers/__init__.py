"""How an answer looks and travels; `mailbot/compose.py` is made of it."""
