-- Archived events are kept as the live ones are.
CREATE TRIGGER `audit_archived_events_no_update` BEFORE UPDATE ON `audit_archived_events`
BEGIN
	SELECT RAISE(ABORT, 'audit_archived_events: events are never changed');
END;
--> statement-breakpoint
CREATE TRIGGER `audit_archived_events_no_delete` BEFORE DELETE ON `audit_archived_events`
WHEN NOT EXISTS (SELECT 1 FROM `audit_archive_pass`)
BEGIN
	SELECT RAISE(ABORT, 'audit_archived_events: only the archive deletes events');
END;
--> statement-breakpoint
-- A manifest stays when its object is gone: the chain of them is what shows that none is missing.
CREATE TRIGGER `audit_archive_manifests_no_update` BEFORE UPDATE OF `id`, `number`, `place`, `tenant`, `first_at`, `last_at`, `count`, `manifest` ON `audit_archive_manifests`
BEGIN
	SELECT RAISE(ABORT, 'audit_archive_manifests: manifests are never changed');
END;
--> statement-breakpoint
CREATE TRIGGER `audit_archive_manifests_no_delete` BEFORE DELETE ON `audit_archive_manifests`
BEGIN
	SELECT RAISE(ABORT, 'audit_archive_manifests: manifests are never deleted');
END;
--> statement-breakpoint
-- A hold is released, and stands in the books.
CREATE TRIGGER `audit_holds_no_update` BEFORE UPDATE ON `audit_holds`
WHEN OLD.`released_at` IS NOT NULL OR NEW.`id` IS NOT OLD.`id` OR NEW.`any_tenant` IS NOT OLD.`any_tenant` OR NEW.`tenant` IS NOT OLD.`tenant` OR NEW.`actor_id` IS NOT OLD.`actor_id` OR NEW.`target_type` IS NOT OLD.`target_type` OR NEW.`target_id` IS NOT OLD.`target_id` OR NEW.`from_at` IS NOT OLD.`from_at` OR NEW.`to_at` IS NOT OLD.`to_at` OR NEW.`reason` IS NOT OLD.`reason` OR NEW.`placed_by` IS NOT OLD.`placed_by` OR NEW.`placed_at` IS NOT OLD.`placed_at`
BEGIN
	SELECT RAISE(ABORT, 'audit_holds: a hold is released, and not changed');
END;
--> statement-breakpoint
CREATE TRIGGER `audit_holds_no_delete` BEFORE DELETE ON `audit_holds`
BEGIN
	SELECT RAISE(ABORT, 'audit_holds: holds are never deleted');
END;
