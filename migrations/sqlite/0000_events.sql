CREATE TABLE `audit_archive_pass` (
	`id` text PRIMARY KEY NOT NULL,
	`opened_at` integer DEFAULT (cast(unixepoch('subsec') * 1000 as integer)) NOT NULL
);
--> statement-breakpoint
CREATE TABLE `audit_events` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant` text,
	`occurred_at` integer NOT NULL,
	`recorded_at` integer DEFAULT (cast(unixepoch('subsec') * 1000 as integer)) NOT NULL,
	`kind` text NOT NULL,
	`action` text NOT NULL,
	`outcome` text NOT NULL,
	`actor_type` text NOT NULL,
	`actor_id` text NOT NULL,
	`target_type` text,
	`target_id` text,
	`request_id` text,
	`method` text,
	`route` text,
	`status` integer,
	`ip` text,
	`record` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `audit_events_tenant_time` ON `audit_events` (`tenant`,`occurred_at`,`id`);--> statement-breakpoint
CREATE INDEX `audit_events_tenant_actor` ON `audit_events` (`tenant`,`actor_id`,`occurred_at`,`id`);--> statement-breakpoint
CREATE INDEX `audit_events_tenant_target` ON `audit_events` (`tenant`,`target_type`,`target_id`,`occurred_at`,`id`);--> statement-breakpoint
CREATE INDEX `audit_events_request` ON `audit_events` (`request_id`);--> statement-breakpoint
CREATE INDEX `audit_events_time` ON `audit_events` (`occurred_at`,`id`);