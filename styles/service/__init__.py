"""What every service here shares: config, problems, metrics, the command line, processes."""
