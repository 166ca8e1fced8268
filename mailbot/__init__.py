"""Read a mailbox, have photos painted and answer."""
