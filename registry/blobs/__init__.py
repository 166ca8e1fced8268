"""Keep the bytes of files under their digests: in a folder, in the database, or on S3."""
