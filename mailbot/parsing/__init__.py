"""What a mail says and which photos it brings."""
