"""Turn bytes into pixels and back."""
