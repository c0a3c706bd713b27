-- An index for free text. It holds the trigrams of each record without their places, so that any part
-- of a word is found; what it finds is looked at again, letter by letter. VACUUM may give the rows of
-- audit_events other rowids, so the index has numbers of its own.
CREATE TABLE `audit_event_texts` (
	`place` integer PRIMARY KEY NOT NULL,
	`event_id` text NOT NULL UNIQUE
);
--> statement-breakpoint
CREATE VIRTUAL TABLE `audit_text` USING fts5(`record`, content='', contentless_delete=1, tokenize='trigram', detail='none');
--> statement-breakpoint
CREATE TRIGGER `audit_events_text` AFTER INSERT ON `audit_events`
BEGIN
	INSERT INTO `audit_event_texts` (`event_id`) VALUES (NEW.`id`);
	INSERT INTO `audit_text` (rowid, `record`) SELECT `place`, NEW.`record` FROM `audit_event_texts` WHERE `event_id` = NEW.`id`;
END;
--> statement-breakpoint
CREATE TRIGGER `audit_events_no_text` AFTER DELETE ON `audit_events`
BEGIN
	DELETE FROM `audit_text` WHERE rowid = (SELECT `place` FROM `audit_event_texts` WHERE `event_id` = OLD.`id`);
	DELETE FROM `audit_event_texts` WHERE `event_id` = OLD.`id`;
END;
--> statement-breakpoint
INSERT INTO `audit_event_texts` (`event_id`) SELECT `id` FROM `audit_events` ORDER BY rowid;
--> statement-breakpoint
INSERT INTO `audit_text` (rowid, `record`) SELECT `place`, `record` FROM `audit_event_texts` JOIN `audit_events` ON `id` = `event_id`;
