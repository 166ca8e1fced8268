"""Define the words and phrases that senders can write."""
