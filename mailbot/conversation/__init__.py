"""Read a mail as part of a conversation: its photos, and how they were painted last."""
