"""Answer questions about teaching: how it is done, and how far a lesson is."""
