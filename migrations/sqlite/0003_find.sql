CREATE TABLE `audit_event_targets` (
	`event_id` text NOT NULL,
	`tenant` text,
	`target_type` text NOT NULL,
	`target_id` text NOT NULL,
	`occurred_at` integer NOT NULL,
	PRIMARY KEY(`event_id`, `target_type`, `target_id`)
);
--> statement-breakpoint
CREATE INDEX `audit_event_targets_target` ON `audit_event_targets` (`tenant`,`target_type`,`target_id`,`occurred_at`,`event_id`);--> statement-breakpoint
DROP INDEX `audit_events_request`;--> statement-breakpoint
CREATE INDEX `audit_events_tenant_action` ON `audit_events` (`tenant`,`action`,`occurred_at`,`id`);--> statement-breakpoint
CREATE INDEX `audit_events_tenant_outcome` ON `audit_events` (`tenant`,`outcome`,`occurred_at`,`id`) WHERE outcome <> 'success';--> statement-breakpoint
CREATE INDEX `audit_events_tenant_kind` ON `audit_events` (`tenant`,`kind`,`occurred_at`,`id`) WHERE kind <> 'request';--> statement-breakpoint
CREATE INDEX `audit_events_request` ON `audit_events` (`request_id`,`occurred_at`,`id`);