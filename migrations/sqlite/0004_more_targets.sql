-- The first target of an event is in its row; the others are kept here, beside it, from the record.
-- Records are canonical JSON, so `},{"id":` stands in each that has two targets, and in few others:
-- most events cost no more than this look.
CREATE TRIGGER `audit_events_more_targets` AFTER INSERT ON `audit_events`
WHEN instr(NEW.`record`, '},{"id":') > 0 AND json_valid(NEW.`record`)
BEGIN
	INSERT INTO `audit_event_targets` (`event_id`, `tenant`, `target_type`, `target_id`, `occurred_at`)
	SELECT NEW.`id`, NEW.`tenant`, `type`, `id`, NEW.`occurred_at` FROM (
		SELECT CASE WHEN each.type = 'object' AND json_type(each.value, '$.type') = 'text' THEN json_extract(each.value, '$.type') END AS `type`,
			CASE WHEN each.type = 'object' AND json_type(each.value, '$.id') = 'text' THEN json_extract(each.value, '$.id') END AS `id`
		FROM json_each(CASE json_type(NEW.`record`, '$.targets') WHEN 'array' THEN NEW.`record` -> '$.targets' ELSE '[]' END) AS each
		WHERE each.key > 0
	) WHERE `type` IS NOT NULL AND `id` IS NOT NULL AND NOT (`type` IS NEW.`target_type` AND `id` IS NEW.`target_id`)
	ON CONFLICT DO NOTHING;
END;
--> statement-breakpoint
CREATE TRIGGER `audit_events_fewer_targets` AFTER DELETE ON `audit_events`
BEGIN
	DELETE FROM `audit_event_targets` WHERE `event_id` = OLD.`id`;
END;
--> statement-breakpoint
INSERT INTO `audit_event_targets` (`event_id`, `tenant`, `target_type`, `target_id`, `occurred_at`)
SELECT `event_id`, `tenant`, `type`, `target`, `occurred_at` FROM (
	SELECT e.`id` AS `event_id`, e.`tenant`, e.`occurred_at`, e.`target_type`, e.`target_id`,
		CASE WHEN each.type = 'object' AND json_type(each.value, '$.type') = 'text' THEN json_extract(each.value, '$.type') END AS `type`,
		CASE WHEN each.type = 'object' AND json_type(each.value, '$.id') = 'text' THEN json_extract(each.value, '$.id') END AS `target`
	FROM `audit_events` AS e, json_each(
		CASE WHEN instr(e.`record`, '},{"id":') > 0 AND json_valid(e.`record`)
			THEN CASE json_type(e.`record`, '$.targets') WHEN 'array' THEN e.`record` -> '$.targets' ELSE '[]' END
			ELSE '[]' END
	) AS each WHERE each.key > 0
) WHERE `type` IS NOT NULL AND `target` IS NOT NULL AND NOT (`type` IS `target_type` AND `target` IS `target_id`)
ON CONFLICT DO NOTHING;
--> statement-breakpoint
CREATE TRIGGER `audit_event_targets_no_update` BEFORE UPDATE ON `audit_event_targets`
BEGIN
	SELECT RAISE(ABORT, 'audit_event_targets: events are never changed');
END;
--> statement-breakpoint
CREATE TRIGGER `audit_event_targets_no_delete` BEFORE DELETE ON `audit_event_targets`
WHEN NOT EXISTS (SELECT 1 FROM `audit_archive_pass`)
BEGIN
	SELECT RAISE(ABORT, 'audit_event_targets: only the archive deletes events');
END;
