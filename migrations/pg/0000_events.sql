CREATE TABLE "audit_archive_pass" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"opened_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_events" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"tenant" text COLLATE "C",
	"occurred_at" timestamp (3) with time zone NOT NULL,
	"recorded_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
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
	"record" text NOT NULL
);
--> statement-breakpoint
CREATE INDEX "audit_events_tenant_time" ON "audit_events" USING btree ("tenant","occurred_at","id");--> statement-breakpoint
CREATE INDEX "audit_events_tenant_actor" ON "audit_events" USING btree ("tenant","actor_id","occurred_at","id");--> statement-breakpoint
CREATE INDEX "audit_events_tenant_target" ON "audit_events" USING btree ("tenant","target_type","target_id","occurred_at","id");--> statement-breakpoint
CREATE INDEX "audit_events_request" ON "audit_events" USING btree ("request_id");--> statement-breakpoint
CREATE INDEX "audit_events_time" ON "audit_events" USING btree ("occurred_at","id");