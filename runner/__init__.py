"""Balance photo jobs over runner processes, and paint them there."""
