"""The bot: reads a mailbox, has photos painted, and answers."""
