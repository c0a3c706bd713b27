-- An index for free text: the trigrams of each record, so that any part of a word is found. In the
-- collation "C" lower() knows A to Z alone, on every database alike.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
--> statement-breakpoint
CREATE INDEX "audit_events_text" ON "audit_events" USING gin ((lower("record" COLLATE "C")) gin_trgm_ops);
