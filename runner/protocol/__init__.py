"""Define the messages between the balancer and a runner process."""
