"""Read the texts of a mail: HTML, signatures, quotes and notices."""
