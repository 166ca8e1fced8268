"""How a reply looks and travels."""
