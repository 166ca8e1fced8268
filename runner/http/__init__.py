"""Serve the balancer over HTTP."""
