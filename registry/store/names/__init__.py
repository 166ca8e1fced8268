"""Choose names of styles, and give styles other ones."""
