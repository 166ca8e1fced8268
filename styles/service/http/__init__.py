"""Serve HTTP: what the registry and the balancer share."""
