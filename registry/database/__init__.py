"""Open and use the database: SQLite in a file, or PostgreSQL."""
