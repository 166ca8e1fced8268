"""Define the tables of the registry's SQLite file by named migrations.

Every table in short:

    style      a name, and since when it is retired               never reused for another style
    blob       a file on the disk: digest, size, media type       written before its row
    version    1, 2, 3 … of a style: digest, card, preview        immutable: a trigger refuses any change
    alias      `live`, `previous` … -> a version of that style    the only table that is updated freely
    event      what happened, in order, for programs              written in the transaction that did it
    audit      what happened and by whom, for people              the same; triggers refuse any change
    token      who may write: a name, the hash of a secret        revoked, never deleted
    session    a login on the pages: the hash of a secret, until when
    environment  the hash of the environment's token at the last start, if there was one
"""

from __future__ import annotations

from sqlite_utils import Database, Migrations

#: Applied in this order, each once. A later change is a new one at the end.
migrations = Migrations("registry")


@migrations(name="0001_first_tables")
def _first_tables(db: Database) -> None:
    db.executescript("""
        CREATE TABLE style (name TEXT PRIMARY KEY, created TEXT NOT NULL) STRICT;

        CREATE TABLE blob (
            digest TEXT PRIMARY KEY CHECK (digest GLOB 'sha256:*' AND length(digest) = 71),
            bytes INTEGER NOT NULL,
            media_type TEXT NOT NULL) STRICT;

        CREATE TABLE version (
            style TEXT NOT NULL REFERENCES style (name),
            version INTEGER NOT NULL CHECK (version > 0),
            digest TEXT NOT NULL REFERENCES blob (digest),
            base TEXT NOT NULL,
            format TEXT NOT NULL,
            architecture TEXT NOT NULL,
            card TEXT NOT NULL CHECK (json_valid(card)),
            preview TEXT REFERENCES blob (digest),
            created TEXT NOT NULL,
            PRIMARY KEY (style, version)) STRICT;
        CREATE INDEX version_digest ON version (digest);
        CREATE INDEX version_preview ON version (preview);
        CREATE TRIGGER version_immutable BEFORE UPDATE ON version
            BEGIN SELECT RAISE(ABORT, 'a style version is immutable'); END;

        CREATE TABLE alias (
            style TEXT NOT NULL,
            alias TEXT NOT NULL,
            version INTEGER NOT NULL,
            PRIMARY KEY (style, alias),
            FOREIGN KEY (style, version) REFERENCES version (style, version)) STRICT;

        CREATE TABLE event (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            at TEXT NOT NULL,
            kind TEXT NOT NULL,
            style TEXT NOT NULL,
            version INTEGER NOT NULL) STRICT;
    """)


@migrations(name="0002_retired_styles")
def _retired_styles(db: Database) -> None:
    db.execute("ALTER TABLE style ADD COLUMN retired TEXT")  # NULL for a style that is not retired


@migrations(name="0003_audit")
def _audit(db: Database) -> None:
    """Create the audit trail, with entries by nobody for the events so far."""
    db.executescript("""
        CREATE TABLE audit (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            at TEXT NOT NULL,
            "by" TEXT NOT NULL,
            action TEXT NOT NULL,
            style TEXT NOT NULL,
            version INTEGER NOT NULL,
            detail TEXT NOT NULL) STRICT;
        CREATE INDEX audit_style ON audit (style, id);
        INSERT INTO audit (at, "by", action, style, version, detail)
            SELECT at, '', kind, style, version, '' FROM event ORDER BY seq;
        CREATE TRIGGER audit_unchanged BEFORE UPDATE ON audit
            BEGIN SELECT RAISE(ABORT, 'the audit trail is only added to'); END;
        CREATE TRIGGER audit_kept BEFORE DELETE ON audit
            BEGIN SELECT RAISE(ABORT, 'the audit trail is only added to'); END;
    """)


@migrations(name="0004_tokens_and_sessions")
def _tokens_and_sessions(db: Database) -> None:
    """Create tokens and sessions. A revoked name may get a new token: its owner may have lost the first."""
    db.executescript("""
        CREATE TABLE token (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL COLLATE NOCASE,
            hash TEXT NOT NULL UNIQUE,
            created TEXT NOT NULL,
            used TEXT,
            revoked TEXT) STRICT;
        CREATE UNIQUE INDEX token_name ON token (name) WHERE revoked IS NULL;

        CREATE TABLE session (
            hash TEXT PRIMARY KEY,
            person TEXT NOT NULL COLLATE NOCASE,
            csrf TEXT NOT NULL,
            expires TEXT NOT NULL) STRICT;
        CREATE INDEX session_person ON session (person);
    """)


@migrations(name="0005_environment")
def _environment(db: Database) -> None:
    db.execute("CREATE TABLE environment (salt BLOB NOT NULL, hash BLOB NOT NULL) STRICT")
