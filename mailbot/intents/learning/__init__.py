"""Find what ordinary sentences ask about learning a style and deleting it."""
