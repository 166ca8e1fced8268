"""Read which paintings the styles of a sentence are to be: how many, of which photos, with which options."""
