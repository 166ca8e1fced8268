"""Keep styles: the database and the blobs."""
