"""The HTTP interface of the balancer."""
