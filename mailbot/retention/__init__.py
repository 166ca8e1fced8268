"""Delete mails and photos when they are old or their author asks, here and on the server."""
