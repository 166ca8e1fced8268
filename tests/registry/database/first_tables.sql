BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'registry','0001_first_tables','2026-11-24 22:32:54.263693+00:00');
CREATE TABLE alias (
            style TEXT NOT NULL,
            alias TEXT NOT NULL,
            version INTEGER NOT NULL,
            PRIMARY KEY (style, alias),
            FOREIGN KEY (style, version) REFERENCES version (style, version)) STRICT;
INSERT INTO "alias" VALUES('mosaic','live',2);
INSERT INTO "alias" VALUES('udnie','live',1);
INSERT INTO "alias" VALUES('mosaic','previous',1);
CREATE TABLE blob (
            digest TEXT PRIMARY KEY CHECK (digest GLOB 'sha256:*' AND length(digest) = 71),
            bytes INTEGER NOT NULL,
            media_type TEXT NOT NULL) STRICT;
INSERT INTO "blob" VALUES('sha256:2c4e00a68f457b8b7d8b7493247cc087ea67a44f1989a0fb97b27fb099856972',10658,'application/octet-stream');
INSERT INTO "blob" VALUES('sha256:a9ef9779576cb68ef6ad8e83edd9bcc74e135b2fdd5fa2da0d6a881736fe95ba',677,'image/jpeg');
INSERT INTO "blob" VALUES('sha256:77098b9bd7e60a886d7395abd24ee5e2697bdeb8790e1714e3d39b3fc4f2b584',10658,'application/octet-stream');
INSERT INTO "blob" VALUES('sha256:b238800f1c2fd9a05df411b1568c6695c44d4e9d7cc82264e87244fe129ce93d',10658,'application/octet-stream');
CREATE TABLE event (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            at TEXT NOT NULL,
            kind TEXT NOT NULL,
            style TEXT NOT NULL,
            version INTEGER NOT NULL) STRICT;
INSERT INTO "event" VALUES(1,'2026-11-24T22:32:55.133+00:00','published','mosaic',1);
INSERT INTO "event" VALUES(2,'2026-11-24T22:32:55.141+00:00','published','udnie',1);
INSERT INTO "event" VALUES(3,'2026-11-24T22:32:55.147+00:00','published','mosaic',2);
CREATE TABLE style (name TEXT PRIMARY KEY, created TEXT NOT NULL) STRICT;
INSERT INTO "style" VALUES('mosaic','2026-11-24T22:32:55.133+00:00');
INSERT INTO "style" VALUES('udnie','2026-11-24T22:32:55.141+00:00');
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
INSERT INTO "version" VALUES('mosaic',1,'sha256:2c4e00a68f457b8b7d8b7493247cc087ea67a44f1989a0fb97b27fb099856972','sha256:4741580bac8084ceb3eac0752395b938851f287723526ad9d0371da01c032df6','safetensors','stylenet','{"name": "mosaic", "title": "Mosaic", "artist": "Nobody", "year": "", "licence": "CC0-1.0", "painting": "", "description": "", "architecture": "stylenet", "pixel_range": "0..1", "base": "sha256:4741580bac8084ceb3eac0752395b938851f287723526ad9d0371da01c032df6", "trained": ""}','sha256:a9ef9779576cb68ef6ad8e83edd9bcc74e135b2fdd5fa2da0d6a881736fe95ba','2026-11-24T22:32:55.133+00:00');
INSERT INTO "version" VALUES('udnie',1,'sha256:77098b9bd7e60a886d7395abd24ee5e2697bdeb8790e1714e3d39b3fc4f2b584','sha256:4741580bac8084ceb3eac0752395b938851f287723526ad9d0371da01c032df6','safetensors','stylenet','{"name": "udnie", "title": "Udnie", "artist": "Nobody", "year": "", "licence": "CC0-1.0", "painting": "", "description": "", "architecture": "stylenet", "pixel_range": "0..1", "base": "sha256:4741580bac8084ceb3eac0752395b938851f287723526ad9d0371da01c032df6", "trained": ""}','sha256:a9ef9779576cb68ef6ad8e83edd9bcc74e135b2fdd5fa2da0d6a881736fe95ba','2026-11-24T22:32:55.141+00:00');
INSERT INTO "version" VALUES('mosaic',2,'sha256:b238800f1c2fd9a05df411b1568c6695c44d4e9d7cc82264e87244fe129ce93d','sha256:4741580bac8084ceb3eac0752395b938851f287723526ad9d0371da01c032df6','safetensors','stylenet','{"name": "mosaic", "title": "Mosaïque", "artist": "Nobody", "year": "", "licence": "CC0-1.0", "painting": "", "description": "Tiles; a “mosaic”.", "architecture": "stylenet", "pixel_range": "0..1", "base": "sha256:4741580bac8084ceb3eac0752395b938851f287723526ad9d0371da01c032df6", "trained": ""}',NULL,'2026-11-24T22:32:55.146+00:00');
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX version_digest ON version (digest);
CREATE INDEX version_preview ON version (preview);
CREATE TRIGGER version_immutable BEFORE UPDATE ON version
            BEGIN SELECT RAISE(ABORT, 'a style version is immutable'); END;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('event',3);
COMMIT;
