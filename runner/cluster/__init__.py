"""Run runner processes on the machines of a Ray cluster, each behind a relay."""
