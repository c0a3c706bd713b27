CREATE TABLE "audit_archive_intents" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"place" text NOT NULL,
	"holder" text NOT NULL,
	"opened_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_archive_manifests" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"number" integer NOT NULL,
	"place" text NOT NULL,
	"tenant" text COLLATE "C",
	"first_at" timestamp (3) with time zone NOT NULL,
	"last_at" timestamp (3) with time zone NOT NULL,
	"count" integer NOT NULL,
	"manifest" text NOT NULL,
	"emptied_at" timestamp (3) with time zone,
	"expired_at" timestamp (3) with time zone,
	"removed_at" timestamp (3) with time zone,
	"memo" text
);
--> statement-breakpoint
CREATE TABLE "audit_archived_events" (
	"id" text COLLATE "C" NOT NULL,
	"tenant" text COLLATE "C",
	"occurred_at" timestamp (3) with time zone NOT NULL,
	"recorded_at" timestamp (3) with time zone NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"action" text COLLATE "C" NOT NULL,
	"outcome" text COLLATE "C" NOT NULL,
	"actor_type" text COLLATE "C" NOT NULL,
	"actor_id" text COLLATE "C" NOT NULL,
	"target_type" text COLLATE "C",
	"target_id" text COLLATE "C",
	"request_id" text COLLATE "C",
	"method" text COLLATE "C",
	"route" text COLLATE "C",
	"status" integer,
	"ip" text COLLATE "C",
	"record" text NOT NULL,
	"archived_at" timestamp (3) with time zone NOT NULL,
	"segment" text COLLATE "C" NOT NULL,
	CONSTRAINT "audit_archived_events_segment_occurred_at_id_pk" PRIMARY KEY("segment","occurred_at","id")
);
--> statement-breakpoint
CREATE TABLE "audit_holds" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"any_tenant" boolean NOT NULL,
	"tenant" text COLLATE "C",
	"actor_id" text COLLATE "C",
	"target_type" text COLLATE "C",
	"target_id" text COLLATE "C",
	"from_at" timestamp (3) with time zone,
	"to_at" timestamp (3) with time zone,
	"reason" text NOT NULL,
	"placed_by" text NOT NULL,
	"placed_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"released_by" text,
	"released_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "audit_leases" (
	"name" text COLLATE "C" PRIMARY KEY NOT NULL,
	"holder" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "audit_archive_manifests_number" ON "audit_archive_manifests" USING btree ("number");--> statement-breakpoint
CREATE INDEX "audit_archive_manifests_time" ON "audit_archive_manifests" USING btree ("last_at");--> statement-breakpoint
CREATE INDEX "audit_archived_events_time" ON "audit_archived_events" USING btree ("tenant","occurred_at","id");--> statement-breakpoint
CREATE INDEX "audit_archived_events_id" ON "audit_archived_events" USING btree ("id");