"""Read what a mail says about its sender: stop, start, delete my photos."""
