"""What people can ask for, in words."""
