"""Define the tables of the registry in PostgreSQL by named migrations.

The tables are those of registry/database/sqlite_schema.py, and two more:

    blob_data  the bytes of a blob, unless a bucket keeps them
    attempt    wrong tokens of late by address, as registry/http/rate_limit.py counts them

Every text is of the collation "C": compared byte by byte, in every database alike. The numbers of events, of
entries and of tokens are the largest so far and one more. The lock of `writing` makes that safe; a sequence
would leave gaps.
"""

from __future__ import annotations

from typing import LiteralString, NamedTuple

from registry.database.sqlite_schema import ADOPTION, PRIVATE_SO_FAR


class PostgresMigration(NamedTuple):
    """Change the tables from one release to a later one."""

    name: str
    statements: LiteralString


_FIRST_TABLES: LiteralString = """
    CREATE TABLE style (
        name TEXT COLLATE "C" PRIMARY KEY,
        created TEXT COLLATE "C" NOT NULL,
        retired TEXT COLLATE "C");

    CREATE TABLE blob (
        digest TEXT COLLATE "C" PRIMARY KEY CHECK (digest ~ '^sha256:[0-9a-f]{64}$'),
        bytes BIGINT NOT NULL,
        media_type TEXT COLLATE "C" NOT NULL);

    CREATE TABLE blob_data (
        digest TEXT COLLATE "C" PRIMARY KEY,
        data BYTEA NOT NULL);
    ALTER TABLE blob_data ALTER COLUMN data SET STORAGE EXTERNAL;

    CREATE TABLE version (
        style TEXT COLLATE "C" NOT NULL REFERENCES style (name),
        version INTEGER NOT NULL CHECK (version > 0),
        digest TEXT COLLATE "C" NOT NULL REFERENCES blob (digest),
        base TEXT COLLATE "C" NOT NULL,
        format TEXT COLLATE "C" NOT NULL,
        architecture TEXT COLLATE "C" NOT NULL,
        card TEXT COLLATE "C" NOT NULL CHECK (card::json IS NOT NULL),
        preview TEXT COLLATE "C" REFERENCES blob (digest),
        created TEXT COLLATE "C" NOT NULL,
        PRIMARY KEY (style, version));
    CREATE INDEX version_digest ON version (digest);
    CREATE INDEX version_preview ON version (preview);

    CREATE TABLE alias (
        style TEXT COLLATE "C" NOT NULL,
        alias TEXT COLLATE "C" NOT NULL,
        version INTEGER NOT NULL,
        PRIMARY KEY (style, alias),
        FOREIGN KEY (style, version) REFERENCES version (style, version));

    CREATE TABLE event (
        seq BIGINT PRIMARY KEY,
        at TEXT COLLATE "C" NOT NULL,
        kind TEXT COLLATE "C" NOT NULL,
        style TEXT COLLATE "C" NOT NULL,
        version INTEGER NOT NULL);

    CREATE TABLE audit (
        id BIGINT PRIMARY KEY,
        at TEXT COLLATE "C" NOT NULL,
        "by" TEXT COLLATE "C" NOT NULL,
        action TEXT COLLATE "C" NOT NULL,
        style TEXT COLLATE "C" NOT NULL,
        version INTEGER NOT NULL,
        detail TEXT COLLATE "C" NOT NULL);
    CREATE INDEX audit_style ON audit (style, id);

    CREATE TABLE token (
        id BIGINT PRIMARY KEY,
        name TEXT COLLATE "C" NOT NULL,
        hash TEXT COLLATE "C" NOT NULL UNIQUE,
        created TEXT COLLATE "C" NOT NULL,
        used TEXT COLLATE "C",
        revoked TEXT COLLATE "C");
    CREATE UNIQUE INDEX token_name ON token (lower(name)) WHERE revoked IS NULL;

    CREATE TABLE session (
        hash TEXT COLLATE "C" PRIMARY KEY,
        person TEXT COLLATE "C" NOT NULL,
        csrf TEXT COLLATE "C" NOT NULL,
        expires TEXT COLLATE "C" NOT NULL);
    CREATE INDEX session_person ON session (lower(person));

    CREATE TABLE environment (salt BYTEA NOT NULL, hash BYTEA NOT NULL);

    -- A crash empties it, which forgives a minute's wrong tokens. In return a write waits for no disk.
    CREATE UNLOGGED TABLE attempt (
        key TEXT COLLATE "C" PRIMARY KEY,
        until DOUBLE PRECISION NOT NULL);
    CREATE INDEX attempt_until ON attempt (until);

    CREATE FUNCTION next_number() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_TABLE_NAME = 'event' THEN
                NEW.seq := coalesce(NEW.seq, (SELECT max(seq) FROM event) + 1, 1);
            ELSIF TG_TABLE_NAME = 'audit' THEN
                NEW.id := coalesce(NEW.id, (SELECT max(id) FROM audit) + 1, 1);
            ELSE
                NEW.id := coalesce(NEW.id, (SELECT max(id) FROM token) + 1, 1);
            END IF;
            RETURN NEW;
        END $$;
    CREATE TRIGGER event_number BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION next_number();
    CREATE TRIGGER audit_number BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION next_number();
    CREATE TRIGGER token_number BEFORE INSERT ON token FOR EACH ROW EXECUTE FUNCTION next_number();

    CREATE FUNCTION tell_event() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM pg_notify('registry_event', '');
            RETURN NULL;
        END $$;
    CREATE TRIGGER event_told AFTER INSERT ON event FOR EACH STATEMENT EXECUTE FUNCTION tell_event();

    CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'a row of % is never changed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
        END $$;
    CREATE TRIGGER version_immutable BEFORE UPDATE ON version
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER audit_unchanged BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

_OWNERS: LiteralString = """
    ALTER TABLE style ADD COLUMN owner TEXT COLLATE "C" NOT NULL DEFAULT '';
    CREATE TABLE maintainer (
        style TEXT COLLATE "C" NOT NULL REFERENCES style (name),
        person TEXT COLLATE "C" NOT NULL,
        PRIMARY KEY (style, person));
    CREATE UNIQUE INDEX maintainer_person ON maintainer (style, lower(person));

    ALTER TABLE token ADD COLUMN label TEXT COLLATE "C" NOT NULL DEFAULT '';
    ALTER TABLE token ADD COLUMN scope TEXT COLLATE "C" NOT NULL DEFAULT 'publish';
    ALTER TABLE token ADD COLUMN expires TEXT COLLATE "C";
    DROP INDEX token_name;
    CREATE UNIQUE INDEX token_label ON token (lower(name), lower(label)) WHERE revoked IS NULL;

    ALTER TABLE session ADD COLUMN token BIGINT NOT NULL DEFAULT 0;
"""

_CARD_EDITS: LiteralString = """
    CREATE TABLE card_edit (
        style TEXT COLLATE "C" NOT NULL,
        version INTEGER NOT NULL,
        card TEXT COLLATE "C" NOT NULL CHECK (card::json IS NOT NULL),
        PRIMARY KEY (style, version),
        FOREIGN KEY (style, version) REFERENCES version (style, version));
"""

_USAGE_AND_PROOFS: LiteralString = """
    CREATE TABLE usage (
        source TEXT COLLATE "C" NOT NULL,
        day TEXT COLLATE "C" NOT NULL,
        style TEXT COLLATE "C" NOT NULL REFERENCES style (name),
        photos INTEGER NOT NULL,
        PRIMARY KEY (source, day, style));
    CREATE INDEX usage_style ON usage (style, day);

    CREATE TABLE proof (
        style TEXT COLLATE "C" NOT NULL,
        version INTEGER NOT NULL,
        photo TEXT COLLATE "C" NOT NULL,
        digest TEXT COLLATE "C" REFERENCES blob (digest),
        PRIMARY KEY (style, version, photo),
        FOREIGN KEY (style, version) REFERENCES version (style, version));
    CREATE INDEX proof_digest ON proof (digest);

    CREATE TABLE proof_mail (
        style TEXT COLLATE "C" NOT NULL,
        version INTEGER NOT NULL,
        address TEXT COLLATE "C" NOT NULL,
        at TEXT COLLATE "C" NOT NULL,
        PRIMARY KEY (style, version),
        FOREIGN KEY (style, version) REFERENCES version (style, version));

    CREATE TABLE person (
        name TEXT COLLATE "C" PRIMARY KEY,
        address TEXT COLLATE "C" NOT NULL);
    CREATE UNIQUE INDEX person_name ON person (lower(name));
"""

_THUMBNAILS: LiteralString = """
    CREATE TABLE thumbnail (
        preview TEXT COLLATE "C" PRIMARY KEY REFERENCES blob (digest),
        small TEXT COLLATE "C" REFERENCES blob (digest),
        medium TEXT COLLATE "C" REFERENCES blob (digest),
        large TEXT COLLATE "C" REFERENCES blob (digest));
"""

_AUTHORS: LiteralString = """
    CREATE TABLE author (
        style TEXT COLLATE "C" PRIMARY KEY REFERENCES style (name),
        address TEXT COLLATE "C" NOT NULL);
    CREATE INDEX author_address ON author (address);
"""

_PRIVATE_VERSIONS: LiteralString = """
    CREATE TABLE private_version (
        style TEXT COLLATE "C" NOT NULL,
        version INTEGER NOT NULL,
        PRIMARY KEY (style, version),
        FOREIGN KEY (style, version) REFERENCES version (style, version));
"""

_LEARNING_JOBS: LiteralString = """
    CREATE TABLE learnt (
        job TEXT COLLATE "C" PRIMARY KEY,
        style TEXT COLLATE "C" NOT NULL,
        version INTEGER NOT NULL,
        FOREIGN KEY (style, version) REFERENCES version (style, version));
"""

_STOPPED_JOBS: LiteralString = """CREATE TABLE stopped_job (job TEXT COLLATE "C" PRIMARY KEY)"""

#: Applied in this order, each once. A later change is a new one at the end.
MIGRATIONS = [
    PostgresMigration("0001_first_tables", _FIRST_TABLES),
    PostgresMigration("0002_owners", _OWNERS + ";".join(ADOPTION)),
    PostgresMigration("0003_card_edits", _CARD_EDITS),
    PostgresMigration("0004_usage_and_proofs", _USAGE_AND_PROOFS),
    PostgresMigration("0005_thumbnails", _THUMBNAILS),
    PostgresMigration("0006_authors", _AUTHORS),
    PostgresMigration("0007_private_versions", _PRIVATE_VERSIONS + PRIVATE_SO_FAR),
    PostgresMigration("0008_learning_jobs", _LEARNING_JOBS),
    PostgresMigration("0009_stopped_jobs", _STOPPED_JOBS),
]
