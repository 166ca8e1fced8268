"""Run and watch the balancer from the command line."""
