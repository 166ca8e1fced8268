"""Keep photos that come while their style is learnt, and send notices."""
