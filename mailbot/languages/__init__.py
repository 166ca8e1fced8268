"""Choose the language of an answer, and say the bot's sentences in it."""
