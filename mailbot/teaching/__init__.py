"""Learn styles from paintings that people mail, and tell them what was learnt."""
