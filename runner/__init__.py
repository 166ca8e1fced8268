"""The balancer, and the runner processes that it sends work to."""
