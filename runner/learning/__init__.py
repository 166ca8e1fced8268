"""Learn styles from paintings beside the painting of photos."""
