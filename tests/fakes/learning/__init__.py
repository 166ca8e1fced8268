"""Learning processes and queues for tests."""
