"""Style files of other people's networks, opened only in a sandbox."""
