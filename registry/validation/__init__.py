"""The validation of uploaded styles, each in a process of its own."""
