-- Events are only ever added. This guards against mistakes and against an app that was taken over;
-- whoever may change the schema can still drop a trigger, edit the file, or open a pass.
CREATE TRIGGER `audit_events_no_update` BEFORE UPDATE ON `audit_events`
BEGIN
	SELECT RAISE(ABORT, 'audit_events: events are never changed');
END;
--> statement-breakpoint
CREATE TRIGGER `audit_events_no_delete` BEFORE DELETE ON `audit_events`
WHEN NOT EXISTS (SELECT 1 FROM `audit_archive_pass`)
BEGIN
	SELECT RAISE(ABORT, 'audit_events: only the archive deletes events');
END;
--> statement-breakpoint
-- REPLACE removes the old row without firing DELETE triggers (https://www.sqlite.org/lang_conflict.html),
-- so a known id is passed over before it gets there: what DO NOTHING does, for every kind of INSERT.
CREATE TRIGGER `audit_events_no_replace` BEFORE INSERT ON `audit_events`
WHEN EXISTS (SELECT 1 FROM `audit_events` WHERE `id` = NEW.`id`)
BEGIN
	SELECT RAISE(IGNORE);
END;
--> statement-breakpoint
-- The other key that REPLACE could hit is the rowid. Only SQLite gives those out.
CREATE TRIGGER `audit_events_no_rowid` BEFORE INSERT ON `audit_events`
WHEN EXISTS (SELECT 1 FROM `audit_events` WHERE rowid = NEW.rowid)
BEGIN
	SELECT RAISE(ABORT, 'audit_events: the rowid is taken');
END;
--> statement-breakpoint
-- A BEFORE trigger sees -1 for a rowid that was not stated; a row of that number would make
-- the trigger above refuse every event.
CREATE TRIGGER `audit_events_positive_rowid` AFTER INSERT ON `audit_events`
WHEN NEW.rowid < 1
BEGIN
	SELECT RAISE(ABORT, 'audit_events: the rowid is not positive');
END;
