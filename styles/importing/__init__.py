"""Import uploaded style files of any network, only in a sandbox."""
