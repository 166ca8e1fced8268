"""Keep and serve style versions."""
