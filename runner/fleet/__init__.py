"""The runner processes: started, watched, replaced."""
