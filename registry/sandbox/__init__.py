"""The sandbox of a process that opens untrusted files."""
