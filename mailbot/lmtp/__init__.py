"""Take mail that the mail server of one's own domain hands over."""
