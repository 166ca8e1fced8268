"""Simulate many runners, balancers and senders on a virtual clock."""
