CREATE TABLE `audit_archive_intents` (
	`id` text PRIMARY KEY NOT NULL,
	`place` text NOT NULL,
	`holder` text NOT NULL,
	`opened_at` integer DEFAULT (cast(unixepoch('subsec') * 1000 as integer)) NOT NULL
);
--> statement-breakpoint
CREATE TABLE `audit_archive_manifests` (
	`id` text PRIMARY KEY NOT NULL,
	`number` integer NOT NULL,
	`place` text NOT NULL,
	`tenant` text,
	`first_at` integer NOT NULL,
	`last_at` integer NOT NULL,
	`count` integer NOT NULL,
	`manifest` text NOT NULL,
	`emptied_at` integer,
	`expired_at` integer,
	`removed_at` integer,
	`memo` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `audit_archive_manifests_number` ON `audit_archive_manifests` (`number`);--> statement-breakpoint
CREATE INDEX `audit_archive_manifests_time` ON `audit_archive_manifests` (`last_at`);--> statement-breakpoint
CREATE TABLE `audit_archived_events` (
	`id` text NOT NULL,
	`tenant` text,
	`occurred_at` integer NOT NULL,
	`recorded_at` integer NOT NULL,
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
	`record` text NOT NULL,
	`archived_at` integer NOT NULL,
	`segment` text NOT NULL,
	PRIMARY KEY(`segment`, `occurred_at`, `id`)
);
--> statement-breakpoint
CREATE INDEX `audit_archived_events_time` ON `audit_archived_events` (`tenant`,`occurred_at`,`id`);--> statement-breakpoint
CREATE INDEX `audit_archived_events_id` ON `audit_archived_events` (`id`);--> statement-breakpoint
CREATE TABLE `audit_holds` (
	`id` text PRIMARY KEY NOT NULL,
	`any_tenant` integer NOT NULL,
	`tenant` text,
	`actor_id` text,
	`target_type` text,
	`target_id` text,
	`from_at` integer,
	`to_at` integer,
	`reason` text NOT NULL,
	`placed_by` text NOT NULL,
	`placed_at` integer DEFAULT (cast(unixepoch('subsec') * 1000 as integer)) NOT NULL,
	`released_by` text,
	`released_at` integer
);
--> statement-breakpoint
CREATE TABLE `audit_leases` (
	`name` text PRIMARY KEY NOT NULL,
	`holder` text NOT NULL,
	`expires_at` integer NOT NULL
);
