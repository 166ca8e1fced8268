"""Paint one photo exactly like one painting: which of the pictures is which, and the answer."""
