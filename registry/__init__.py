"""The registry: keeps style versions and serves them."""
