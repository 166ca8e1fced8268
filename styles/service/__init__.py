"""Provide what all services share: config, errors, metrics, the command line, processes."""
