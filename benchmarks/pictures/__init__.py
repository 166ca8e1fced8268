"""Make the pictures that docs/ shows."""
