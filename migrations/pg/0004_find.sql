CREATE TABLE "audit_event_targets" (
	"event_id" text COLLATE "C" NOT NULL,
	"tenant" text COLLATE "C",
	"target_type" text COLLATE "C" NOT NULL,
	"target_id" text COLLATE "C" NOT NULL,
	"occurred_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "audit_event_targets_event_id_target_type_target_id_pk" PRIMARY KEY("event_id","target_type","target_id")
);
--> statement-breakpoint
DROP INDEX "audit_events_request";--> statement-breakpoint
CREATE INDEX "audit_event_targets_target" ON "audit_event_targets" USING btree ("tenant","target_type","target_id","occurred_at","event_id");--> statement-breakpoint
CREATE INDEX "audit_events_tenant_action" ON "audit_events" USING btree ("tenant","action","occurred_at","id");--> statement-breakpoint
CREATE INDEX "audit_events_tenant_outcome" ON "audit_events" USING btree ("tenant","outcome","occurred_at","id") WHERE outcome <> 'success';--> statement-breakpoint
CREATE INDEX "audit_events_tenant_kind" ON "audit_events" USING btree ("tenant","kind","occurred_at","id") WHERE kind <> 'request';--> statement-breakpoint
CREATE INDEX "audit_events_request" ON "audit_events" USING btree ("request_id","occurred_at","id");