"""Define the tables of the registry's SQLite file by named migrations.

Every table in short:

    style      a name, its owner, and since when it is retired    never reused for another style
    maintainer a person who may change a style besides its owner
    blob       a file on the disk: digest, size, media type       written before its row
    version    1, 2, 3 … of a style: digest, card, preview        immutable: a trigger refuses any change
    private_version  a version that its author alone may ask for; until it is live
    learnt     the version that a job of learning has made        so that no job makes two
    stopped_job  a job of learning that was stopped               so that nothing it has learnt is published
    card_edit  the card of a version, where it was edited
    alias      `live`, `previous` … -> a version of that style    the only table that is updated freely
    usage      how often a style was painted on a day, as one run of a balancer counts it
    proof      the blob of a proof's photo as a version paints it; NULL where it cannot
    thumbnail  the small pictures of a preview; NULL where none can be made
    proof_mail to whom a version's proof was mailed
    person     the mail address of a person
    event      what happened, in order, for programs              written in the transaction that did it
    audit      what happened and by whom, for people              the same; triggers refuse any change
    token      who may write: a name, the hash of a secret, how far and until when    revoked, never deleted
    session    a login on the pages: the hash of a secret, by which token, until when
    environment  the hash of the environment's token at the last start, if there was one
"""

from __future__ import annotations

from sqlite_utils import Database, Migrations

#: Statements for both databases that give what was there before owners to its people.
ADOPTION = (
    """
    UPDATE style SET owner = coalesce((
        SELECT "by" FROM audit
        WHERE audit.style = style.name AND action = 'published'
          AND lower("by") IN (SELECT lower(token.name) FROM token)
          AND audit.id = (
            SELECT min(id) FROM audit AS first WHERE first.style = style.name AND first.action = 'published')
        ), '')""",
    """
    UPDATE session SET token = coalesce((
        SELECT id FROM token WHERE lower(token.name) = lower(session.person) AND revoked IS NULL), 0)""",
    "DELETE FROM session WHERE token = 0 AND lower(person) <> 'operator'",
)
#: A statement for both databases that marks the versions that were staged for their authors alone.
PRIVATE_SO_FAR = """
    INSERT INTO private_version (style, version)
    SELECT DISTINCT style, version FROM audit AS staged WHERE action = 'staged' AND detail = 'private'
      AND NOT EXISTS (
        SELECT 1 FROM audit AS live WHERE live.style = staged.style AND live.version = staged.version
          AND (live.action = 'rolled back' OR live.action = 'promoted'
               AND (live.detail = '' OR live.detail LIKE 'version % before')))"""
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


@migrations(name="0006_owners")
def _owners(db: Database) -> None:
    """Give each style to the person who published it first, if it was one with a token; else to nobody.

    Sessions go to the token that their person had.
    """
    db.executescript("""
        ALTER TABLE style ADD COLUMN owner TEXT NOT NULL DEFAULT '';
        CREATE TABLE maintainer (
            style TEXT NOT NULL REFERENCES style (name),
            person TEXT NOT NULL COLLATE NOCASE,
            PRIMARY KEY (style, person)) STRICT;

        ALTER TABLE token ADD COLUMN label TEXT NOT NULL DEFAULT '' COLLATE NOCASE;
        ALTER TABLE token ADD COLUMN scope TEXT NOT NULL DEFAULT 'publish';
        ALTER TABLE token ADD COLUMN expires TEXT;
        DROP INDEX token_name;
        CREATE UNIQUE INDEX token_label ON token (name, label) WHERE revoked IS NULL;

        ALTER TABLE session ADD COLUMN token INTEGER NOT NULL DEFAULT 0;
    """)
    for statement in ADOPTION:
        db.execute(statement)


@migrations(name="0007_card_edits")
def _card_edits(db: Database) -> None:
    db.execute("""
        CREATE TABLE card_edit (
            style TEXT NOT NULL, version INTEGER NOT NULL,
            card TEXT NOT NULL CHECK (json_valid(card)),
            PRIMARY KEY (style, version),
            FOREIGN KEY (style, version) REFERENCES version (style, version)) STRICT""")


@migrations(name="0008_usage_and_proofs")
def _usage_and_proofs(db: Database) -> None:
    db.executescript("""
        CREATE TABLE usage (
            source TEXT NOT NULL, day TEXT NOT NULL,
            style TEXT NOT NULL REFERENCES style (name),
            photos INTEGER NOT NULL,
            PRIMARY KEY (source, day, style)) STRICT;
        CREATE INDEX usage_style ON usage (style, day);

        CREATE TABLE proof (
            style TEXT NOT NULL, version INTEGER NOT NULL, photo TEXT NOT NULL,
            digest TEXT REFERENCES blob (digest),
            PRIMARY KEY (style, version, photo),
            FOREIGN KEY (style, version) REFERENCES version (style, version)) STRICT;
        CREATE INDEX proof_digest ON proof (digest);

        CREATE TABLE proof_mail (
            style TEXT NOT NULL, version INTEGER NOT NULL,
            address TEXT NOT NULL, at TEXT NOT NULL,
            PRIMARY KEY (style, version),
            FOREIGN KEY (style, version) REFERENCES version (style, version)) STRICT;

        CREATE TABLE person (name TEXT PRIMARY KEY COLLATE NOCASE, address TEXT NOT NULL) STRICT;
    """)


@migrations(name="0009_thumbnails")
def _thumbnails(db: Database) -> None:
    db.execute("""
        CREATE TABLE thumbnail (
            preview TEXT PRIMARY KEY REFERENCES blob (digest),
            small TEXT REFERENCES blob (digest),
            medium TEXT REFERENCES blob (digest),
            large TEXT REFERENCES blob (digest)) STRICT""")


@migrations(name="0010_authors")
def _authors(db: Database) -> None:
    db.execute("""
        CREATE TABLE author (
            style TEXT PRIMARY KEY REFERENCES style (name), address TEXT NOT NULL) STRICT""")
    db.execute("CREATE INDEX author_address ON author (address)")


@migrations(name="0011_private_versions")
def _private_versions(db: Database) -> None:
    db.execute("""
        CREATE TABLE private_version (
            style TEXT NOT NULL, version INTEGER NOT NULL, PRIMARY KEY (style, version),
            FOREIGN KEY (style, version) REFERENCES version (style, version)) STRICT""")
    db.execute(PRIVATE_SO_FAR)


@migrations(name="0012_learning_jobs")
def _learning_jobs(db: Database) -> None:
    db.execute("""CREATE TABLE learnt (job TEXT PRIMARY KEY, style TEXT NOT NULL, version INTEGER NOT NULL,
        FOREIGN KEY (style, version) REFERENCES version (style, version)) STRICT""")


@migrations(name="0013_stopped_jobs")
def _stopped_jobs(db: Database) -> None:
    db.execute("CREATE TABLE stopped_job (job TEXT PRIMARY KEY) STRICT")
