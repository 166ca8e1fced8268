"""Mails and photos deleted when their time is over or their sender wishes it, here and on the server."""
