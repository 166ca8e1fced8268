"""Who is answered, and how often."""
