"""Read the details of a painting: ranges of per cents, colours that are kept, sizes for a purpose."""
