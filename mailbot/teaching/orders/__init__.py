"""Ask back where a loose phrase may be an order, and do what the answer says."""
