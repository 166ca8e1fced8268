"""What happens inside of a runner process."""
